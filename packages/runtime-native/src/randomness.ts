import { ErrorNumber, ExitCode, SyscallError } from '@troupe/hypervisor'
import type { ActorCrypto } from './actor-crypto.ts'
import { fail } from './actor-error.ts'
import type { Syscalls } from './syscalls.ts'

/** What randomness is drawn for. Source: builtin-actors v18 runtime/src/runtime/randomness.rs. */
export const DomainSeparationTag = {
  TICKET_PRODUCTION: 1n,
  ELECTION_PROOF_PRODUCTION: 2n,
  WINNING_POST_CHALLENGE_SEED: 3n,
  WINDOWED_POST_CHALLENGE_SEED: 4n,
  SEAL_RANDOMNESS: 5n,
  INTERACTIVE_SEAL_CHALLENGE_SEED: 6n,
  WINDOW_POST_DEADLINE_ASSIGNMENT: 7n,
  MARKET_DEAL_CRON_SEED: 8n,
  POST_CHAIN_COMMIT: 9n,
  EVM_PREV_RANDAO: 10n,
} as const

const DIGEST_LENGTH = 32

/** Randomness of past epochs. */
export class Randomness {
  readonly #syscalls: Syscalls
  readonly #crypto: ActorCrypto

  constructor(syscalls: Syscalls, crypto: ActorCrypto) {
    this.#syscalls = syscalls
    this.#crypto = crypto
  }

  /** 32 bytes from the chain's tickets. @throws {ActorError} USR_ILLEGAL_ARGUMENT for an epoch that has none */
  fromTickets(tag: bigint, epoch: bigint, entropy: Uint8Array): Uint8Array {
    return this.#draw(this.#digest('rand.get_chain_randomness', epoch), tag, epoch, entropy)
  }

  /** 32 bytes from the beacon. @throws {ActorError} USR_ILLEGAL_ARGUMENT for an epoch that has none */
  fromBeacon(tag: bigint, epoch: bigint, entropy: Uint8Array): Uint8Array {
    return this.#draw(this.beaconDigest(epoch), tag, epoch, entropy)
  }

  /** The beacon's own 32 bytes. @throws {ActorError} USR_ILLEGAL_ARGUMENT for an epoch that has none */
  beaconDigest(epoch: bigint): Uint8Array {
    return this.#digest('rand.get_beacon_randomness', epoch)
  }

  #digest(name: string, epoch: bigint): Uint8Array {
    try {
      return this.#syscalls.call<Uint8Array>(name, epoch)
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error
      if (error.number === ErrorNumber.LimitExceeded || error.number === ErrorNumber.IllegalArgument)
        fail(ExitCode.USR_ILLEGAL_ARGUMENT, `there is no randomness of epoch ${epoch}`)
      fail(ExitCode.USR_ASSERTION_FAILED, `randomness failed with error ${error.number}`)
    }
  }

  /** Shape of what is hashed: tag (i64, big-endian), digest, epoch (i64, big-endian), entropy. */
  #draw(digest: Uint8Array, tag: bigint, epoch: bigint, entropy: Uint8Array): Uint8Array {
    const data = new Uint8Array(16 + DIGEST_LENGTH + entropy.length)
    const view = new DataView(data.buffer)
    view.setBigInt64(0, tag)
    data.set(digest, 8)
    view.setBigInt64(8 + DIGEST_LENGTH, epoch)
    data.set(entropy, 16 + DIGEST_LENGTH)
    return this.#crypto.blake2b(data)
  }
}
