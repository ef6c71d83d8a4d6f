import type { CryptoProvider } from '@troupe/crypto'
import { ExternRefusal, type Externs, type Fidelity, HypervisorError } from '@troupe/hypervisor'
import type { Cid } from '@troupe/ipld'
import type { BeaconEntry } from './block-header.ts'

/** What the externs of a chain look up in it. */
export interface ChainHistory {
  /** The CID of the tipset at an epoch, or of the last one before where there is none at that epoch; `undefined` before the first. */
  tipsetCid(epoch: bigint): Cid | undefined
}

const TICKET = 0
const BEACON = 1

/**
 * Answers to actors from a chain that only exists here. Tipset CIDs are the chain's own; tickets and beacon entries are hashes of a seed and the epoch,
 * because there is neither a miner that could draw the ones nor a beacon that would send the others.
 */
export class ChainExterns implements Externs {
  readonly fidelity: Fidelity = {
    level: 'simulated',
    reason: 'randomness and tipsets are those of a local chain',
  }
  readonly #crypto: CryptoProvider
  readonly #seed: Uint8Array
  readonly #history: ChainHistory

  constructor(crypto: CryptoProvider, seed: Uint8Array, history: ChainHistory) {
    this.#crypto = crypto
    this.#seed = seed
    this.#history = history
  }

  chainRandomness(epoch: bigint): Uint8Array {
    return this.#crypto.blake2b(localTicket(this.#crypto, this.#seed, past(epoch)), 32)
  }

  beaconRandomness(epoch: bigint): Uint8Array {
    return this.#crypto.blake2b(localBeaconEntry(this.#crypto, this.#seed, past(epoch)).data, 32)
  }

  tipsetCid(epoch: bigint): Cid {
    const cid = this.#history.tipsetCid(past(epoch))
    if (cid === undefined) throw new ExternRefusal(`the chain has no tipset as early as epoch ${epoch}`)
    return cid
  }

  /** @throws {HypervisorError} externs/unsupported: a local chain signs no blocks, so that nobody can be at fault */
  verifyConsensusFault(): ReturnType<Externs['verifyConsensusFault']> {
    throw new HypervisorError('externs/unsupported', 'consensus faults cannot be verified on a local chain')
  }
}

/** The ticket of a local block: 32 bytes, the BLAKE2b-256 of 0 (1 byte), the epoch (i64, big-endian) and the seed. */
export function localTicket(crypto: CryptoProvider, seed: Uint8Array, epoch: bigint): Uint8Array {
  return draw(crypto, TICKET, seed, epoch)
}

/** The beacon entry of a local epoch: one round an epoch, its data made like a ticket, with 1 as the first byte. */
export function localBeaconEntry(crypto: CryptoProvider, seed: Uint8Array, epoch: bigint): BeaconEntry {
  return { round: epoch, data: draw(crypto, BEACON, seed, epoch) }
}

function draw(crypto: CryptoProvider, domain: number, seed: Uint8Array, epoch: bigint): Uint8Array {
  const bytes = new Uint8Array(9 + seed.length)
  bytes[0] = domain
  new DataView(bytes.buffer).setBigInt64(1, epoch)
  bytes.set(seed, 9)
  return crypto.blake2b(bytes, 32)
}

function past(epoch: bigint): bigint {
  if (epoch < 0n) throw new ExternRefusal(`there is nothing at epoch ${epoch}`)
  return epoch
}
