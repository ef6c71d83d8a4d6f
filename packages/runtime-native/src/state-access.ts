import { ErrorNumber, ExitCode, SyscallError } from '@troupe/hypervisor'
import {
  type CborStore,
  type Cid,
  cidEquals,
  DAG_CBOR,
  decodeValue,
  encodeValue,
  type ValueCodec,
} from '@troupe/ipld'
import type { ActorCrypto } from './actor-crypto.ts'
import { fail, withExitCode } from './actor-error.ts'
import type { Panic } from './panic.ts'
import { type KeyHashing, type SyscallBlockstore, stateStore } from './syscall-blockstore.ts'
import type { Syscalls } from './syscalls.ts'

/**
 * The actor's own state: one block, and what it links to.
 *
 * Source: builtin-actors v18 runtime/src/runtime/mod.rs, runtime/src/runtime/fvm.rs.
 */
export class StateAccess {
  /** Blocks as the invocation reaches them. */
  readonly blocks: SyscallBlockstore
  readonly #syscalls: Syscalls
  readonly #panic: Panic
  readonly #crypto: ActorCrypto
  #isChanging = false

  constructor(syscalls: Syscalls, panic: Panic, crypto: ActorCrypto, blocks: SyscallBlockstore) {
    this.blocks = blocks
    this.#syscalls = syscalls
    this.#panic = panic
    this.#crypto = crypto
  }

  /** Whether a {@link change} is under way, in which nothing may be sent. */
  get isChanging(): boolean {
    return this.#isChanging
  }

  /** A store for one map or array of the state. */
  store(hashing: KeyHashing = 'syscall'): CborStore {
    return stateStore(this.blocks, this.#syscalls.kernel.calls.machine.crypto, this.#crypto, hashing)
  }

  /** CID of the state. @throws {ActorError} USR_ILLEGAL_STATE where the actor has deleted itself */
  root(): Cid {
    try {
      return this.#syscalls.call<Cid>('self.root')
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error
      if (error.number !== ErrorNumber.IllegalOperation) this.#panic.now(`no state: error ${error.number}`)
      fail(ExitCode.USR_ILLEGAL_STATE, 'the actor has no state')
    }
  }

  /** Sets the CID of the state. @throws {ActorError} USR_READ_ONLY; USR_ILLEGAL_STATE where the actor has deleted itself */
  setRoot(root: Cid): void {
    try {
      this.#syscalls.call('self.set_root', root)
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error
      if (error.number === ErrorNumber.ReadOnly)
        fail(ExitCode.USR_READ_ONLY, 'the state cannot be changed in a read-only call')
      if (error.number !== ErrorNumber.IllegalOperation)
        this.#panic.now(`the state cannot be set: error ${error.number}`)
      fail(ExitCode.USR_ILLEGAL_STATE, 'the actor has been deleted')
    }
  }

  /**
   * Gives the actor its first state.
   * @throws {ActorError} USR_ILLEGAL_STATE where it has one; USR_ILLEGAL_ARGUMENT where this one cannot be written
   */
  create<S>(codec: ValueCodec<S>, state: S): void {
    const before = this.root()
    if (!cidEquals(before, this.#syscalls.kernel.calls.machine.emptyTuple))
      fail(ExitCode.USR_ILLEGAL_STATE, `there is a state already: ${before}`)
    this.setRoot(this.#write(codec, state))
  }

  /** Reads the state. @throws {ActorError} USR_ILLEGAL_ARGUMENT where it is not what it should be */
  read<S>(codec: ValueCodec<S>): S {
    return this.#decode(codec, this.root())
  }

  /**
   * Reads the state, lets `change` work on it, and writes it back. Nothing can be sent meanwhile.
   * @throws {ActorError} as {@link read}, {@link setRoot} and `change` do
   */
  change<S, R>(codec: ValueCodec<S>, change: (state: S) => R): R {
    const root = withExitCode(ExitCode.USR_ILLEGAL_ARGUMENT, 'no state', () => this.root())
    const state = this.#decode(codec, root)
    this.#isChanging = true
    let result: R
    try {
      result = change(state)
    } finally {
      this.#isChanging = false
    }
    this.setRoot(this.#write(codec, state))
    return result
  }

  #decode<S>(codec: ValueCodec<S>, root: Cid): S {
    return withExitCode(ExitCode.USR_ILLEGAL_ARGUMENT, 'the state cannot be read', () =>
      decodeValue(codec, this.blocks.get(root)),
    )
  }

  #write<S>(codec: ValueCodec<S>, state: S): Cid {
    return withExitCode(ExitCode.USR_ILLEGAL_ARGUMENT, 'the state cannot be written', () =>
      this.blocks.add(DAG_CBOR, encodeValue(codec, state)),
    )
  }
}
