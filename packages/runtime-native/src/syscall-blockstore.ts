import type { CryptoProvider } from '@troupe/crypto'
import { ExitCode, SyscallError } from '@troupe/hypervisor'
import {
  BLAKE2B_256,
  type Blockstore,
  CborStore,
  type Cid,
  cidEquals,
  IDENTITY,
  SHA2_256,
} from '@troupe/ipld'
import type { ActorCrypto } from './actor-crypto.ts'
import { fail } from './actor-error.ts'
import { NativeError } from './errors.ts'
import type { ExecutionGas } from './execution-gas.ts'
import type { Syscalls } from './syscalls.ts'

const DIGEST_LENGTH = 32

/**
 * Where the keys of a HAMT are hashed: by the kernel, as the maps of the official actors have it, or in the actor's own code, as those of the token
 * library have it. It makes no difference but in gas.
 */
export type KeyHashing = 'syscall' | 'own'

/**
 * The blocks that an invocation reaches, read and written by syscalls: reads and writes are charged, and what is not linked in stays out of reach.
 *
 * Source: builtin-actors v18 runtime/src/runtime/actor_blockstore.rs; ref-fvm sdk/src/ipld.rs.
 */
export class SyscallBlockstore implements Blockstore {
  readonly #syscalls: Syscalls
  readonly #gas: ExecutionGas

  constructor(syscalls: Syscalls, gas: ExecutionGas) {
    this.#syscalls = syscalls
    this.#gas = gas
  }

  /** The block; a block whose CID has it inside costs nothing. @throws {ActorError} USR_ILLEGAL_STATE where the invocation cannot reach it */
  get(cid: Cid): Uint8Array {
    if (cid.multihash.code === IDENTITY) return cid.multihash.digest
    try {
      const { id, size } = this.#syscalls.call<{ id: number; size: number }>('ipld.block_open', cid)
      const bytes = new Uint8Array(size)
      this.#syscalls.call('ipld.block_read', id, 0, bytes)
      this.#gas.touch(size)
      return bytes
    } catch (error) {
      return refused(error, `${cid} cannot be read`)
    }
  }

  /** An actor has no way to ask. @throws {NativeError} native/broken-actor */
  has(cid: Cid): boolean {
    throw new NativeError('native/broken-actor', `an actor asks whether there is a block ${cid}`)
  }

  /** Makes a block and links it. @throws {ActorError} USR_ILLEGAL_STATE where it links to what the invocation cannot reach */
  put(cid: Cid, bytes: Uint8Array): void {
    if (!cidEquals(this.add(cid.code, bytes), cid))
      throw new NativeError('native/broken-actor', `a block was linked under another CID than ${cid}`)
  }

  /** Makes a block, links it, and gives its CID. @throws {ActorError} as {@link put} */
  add(codec: number, bytes: Uint8Array): Cid {
    try {
      const id = this.#syscalls.call<{ value: number }>('ipld.block_create', BigInt(codec), bytes).value
      this.#gas.touch(bytes.length)
      return this.#syscalls.call<Cid>('ipld.block_link', id, BigInt(BLAKE2B_256), DIGEST_LENGTH)
    } catch (error) {
      return refused(error, 'a block cannot be written')
    }
  }
}

function refused(error: unknown, what: string): never {
  if (error instanceof SyscallError) fail(ExitCode.USR_ILLEGAL_STATE, `${what}: error ${error.number}`)
  throw error
}

/**
 * What a map or an array of an actor's state stands on. Every one needs a store of its own: what it has read once it has at hand, and what another
 * has read costs again.
 */
export function stateStore(
  blocks: SyscallBlockstore,
  provider: CryptoProvider,
  crypto: ActorCrypto,
  hashing: KeyHashing,
): CborStore {
  if (hashing === 'own') return new CborStore(blocks, provider)
  const sha256 = (data: Uint8Array): Uint8Array => crypto.hash(SHA2_256, data)
  return new CborStore(blocks, { ...provider, sha256 })
}
