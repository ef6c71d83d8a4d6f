import { type Address, ChargeName, ExitCode, type Signature, SyscallError } from '@troupe/hypervisor'
import { BLAKE2B_256, type Cid } from '@troupe/ipld'
import { fail } from './actor-error.ts'
import type { Panic } from './panic.ts'
import type { Syscalls } from './syscalls.ts'

/**
 * Gas of the verification of an Ed25519 signature, in milligas: that of one of secp256k1, whose recovery takes half as long again in portable code; and for a byte
 * the 16 nanoseconds that SHA-512 takes there, at ten gas a nanosecond.
 */
const ED25519_BASE = 1_637_292_000
const ED25519_PER_BYTE = 160_000

/** A consensus fault that has been proven. */
export interface VerifiedFault {
  readonly epoch: bigint
  readonly target: bigint
  /** 1 double fork, 2 parent grinding, 3 time offset. */
  readonly fault: number
}

/** Hashes, signatures, proofs and randomness as an actor has them. */
export class ActorCrypto {
  readonly #syscalls: Syscalls
  readonly #panic: Panic

  constructor(syscalls: Syscalls, panic: Panic) {
    this.#syscalls = syscalls
    this.#panic = panic
  }

  /** The digest of `data`; an unknown hash function ends the invocation. @param hashFunction multihash number */
  hash(hashFunction: number, data: Uint8Array): Uint8Array {
    return this.#panic.unless('an unknown hash function', () =>
      this.#syscalls.call<Uint8Array>('crypto.hash', BigInt(hashFunction), data),
    )
  }

  /** Blake2b-256. */
  blake2b(data: Uint8Array): Uint8Array {
    return this.hash(BLAKE2B_256, data)
  }

  /** Whether `signer` (an f1 or f3 address) has signed; what cannot be verified is not signed. */
  verifySignature(signature: Signature, signer: Address, plaintext: Uint8Array): boolean {
    return this.#verdict('crypto.verify_signature', signature.type, signature.data, signer, plaintext)
  }

  /**
   * Whether an Ed25519 key (32 bytes) has signed, by the rules of ZIP 215. There is no syscall for it: the machine's own cryptography answers, and its price is charged
   * under the name of the others'.
   */
  verifyEd25519(plaintext: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean {
    const { kernel } = this.#syscalls
    kernel.gas.charge(ChargeName.ON_VERIFY_SIGNATURE, ED25519_BASE + ED25519_PER_BYTE * plaintext.length)
    return kernel.calls.machine.crypto.ed25519Verify(plaintext, signature, publicKey)
  }

  /** The public key (65 bytes) that made a signature (65 bytes) of a digest (32 bytes); `undefined` where none can have. */
  recoverPublicKey(digest: Uint8Array, signature: Uint8Array): Uint8Array | undefined {
    return this.#attempt(() =>
      this.#syscalls.call<Uint8Array>('crypto.recover_secp_public_key', digest, signature),
    )
  }

  /** CommD of a sector; `undefined` for pieces that make none. @param pieces CBOR of `[[size, CID], ...]` */
  unsealedSectorCid(proofType: bigint, pieces: Uint8Array): Cid | undefined {
    return this.#attempt(() =>
      this.#syscalls.call<Cid>('crypto.compute_unsealed_sector_cid', proofType, pieces),
    )
  }

  /** Whether a window proof of spacetime is valid. @param info CBOR */
  verifyPost(info: Uint8Array): boolean {
    return this.#verdict('crypto.verify_post', info)
  }

  /** Whether aggregated proofs of replication are valid. @param info CBOR */
  verifyAggregateSeals(info: Uint8Array): boolean {
    return this.#verdict('crypto.verify_aggregate_seals', info)
  }

  /** Whether the proof of a replica update is valid. @param info CBOR */
  verifyReplicaUpdate(info: Uint8Array): boolean {
    return this.#verdict('crypto.verify_replica_update', info)
  }

  /** Which of `count` proofs of replication are valid; `undefined` where they cannot be verified. @param batch CBOR */
  batchVerifySeals(batch: Uint8Array, count: number): boolean[] | undefined {
    const results = new Uint8Array(count)
    const outAt = (length: number): Uint8Array => results.subarray(0, length)
    const done = this.#attempt(() => {
      this.#syscalls.call('crypto.batch_verify_seals', batch, outAt)
      return true
    })
    return done !== true ? undefined : Array.from(results, (result) => result === 1)
  }

  /** The fault that two block headers prove, and a third for some; `undefined` for none. @throws {ActorError} USR_ILLEGAL_ARGUMENT where it cannot be found out */
  verifyConsensusFault(
    header1: Uint8Array,
    header2: Uint8Array,
    extra: Uint8Array,
  ): VerifiedFault | undefined {
    const found = this.#attempt(() =>
      this.#syscalls.call<VerifiedFault>('crypto.verify_consensus_fault', header1, header2, extra),
    )
    if (found === undefined) fail(ExitCode.USR_ILLEGAL_ARGUMENT, 'the fault cannot be verified')
    return found.fault === 0 ? undefined : found
  }

  #verdict(name: string, ...parameters: readonly unknown[]): boolean {
    return this.#attempt(() => this.#syscalls.call<boolean>(name, ...parameters)) ?? false
  }

  #attempt<T>(run: () => T): T | undefined {
    try {
      return run()
    } catch (error) {
      if (error instanceof SyscallError) return undefined
      throw error
    }
  }
}
