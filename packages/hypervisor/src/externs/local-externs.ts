import type { CryptoProvider } from '@troupe/crypto'
import { type Cid, cidOf, DAG_CBOR } from '@troupe/ipld'
import { HypervisorError } from '../errors.ts'
import type { Fidelity } from '../trace/fidelity.ts'
import { ExternRefusal, type Externs } from './externs.ts'

const CHAIN = 0
const BEACON = 1
const TIPSET = 2

/**
 * Externs of a chain that only exists here: randomness and tipset CIDs are hashes of a seed and the epoch, so that a run can be repeated.
 *
 * Shape of what is hashed: domain (1 byte), epoch (i64, big-endian), seed.
 */
export class LocalExterns implements Externs {
  readonly fidelity: Fidelity = { level: 'simulated', reason: 'randomness and tipsets are local' }
  readonly #crypto: CryptoProvider
  readonly #seed: Uint8Array

  constructor(crypto: CryptoProvider, seed: Uint8Array) {
    this.#crypto = crypto
    this.#seed = seed
  }

  chainRandomness(epoch: bigint): Uint8Array {
    return this.#crypto.blake2b(this.#preimage(CHAIN, epoch), 32)
  }

  beaconRandomness(epoch: bigint): Uint8Array {
    return this.#crypto.blake2b(this.#preimage(BEACON, epoch), 32)
  }

  tipsetCid(epoch: bigint): Cid {
    return cidOf(this.#crypto, DAG_CBOR, this.#preimage(TIPSET, epoch))
  }

  /** @throws {HypervisorError} externs/unsupported: a local chain has no block headers that could be at fault */
  verifyConsensusFault(): ReturnType<Externs['verifyConsensusFault']> {
    throw new HypervisorError('externs/unsupported', 'consensus faults cannot be verified on a local chain')
  }

  #preimage(domain: number, epoch: bigint): Uint8Array {
    if (epoch < 0n) throw new ExternRefusal(`there is nothing at epoch ${epoch}`)
    const bytes = new Uint8Array(9 + this.#seed.length)
    bytes[0] = domain
    new DataView(bytes.buffer).setBigInt64(1, epoch)
    bytes.set(this.#seed, 9)
    return bytes
  }
}
