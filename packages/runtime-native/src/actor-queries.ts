import {
  type ActorId,
  type Address,
  ErrorNumber,
  ExitCode,
  SyscallError,
  type TokenAmount,
} from '@troupe/hypervisor'
import type { Cid } from '@troupe/ipld'
import { fail } from './actor-error.ts'
import { type BuiltinActor, builtinActorOfType, typeOfBuiltinActor } from './builtin-actors.ts'
import type { Panic } from './panic.ts'
import type { Syscalls } from './syscalls.ts'

/** What an actor can find out about others, and how actors are made. */
export class ActorQueries {
  readonly #syscalls: Syscalls
  readonly #panic: Panic

  constructor(syscalls: Syscalls, panic: Panic) {
    this.#syscalls = syscalls
    this.#panic = panic
  }

  /** The id of an address, or `undefined` where it has none. An id-address is its own; that costs nothing. */
  resolve(address: Address): ActorId | undefined {
    if (address.id !== undefined) return address.id
    return this.#find(() => this.#syscalls.call<{ value: ActorId }>('actor.resolve_address', address).value)
  }

  /** The f4 address of an actor; `undefined` where it or the actor does not exist. */
  delegatedAddress(id: ActorId): Address | undefined {
    return this.#find(() => this.#syscalls.call<Address | undefined>('actor.lookup_delegated_address', id))
  }

  /** The code of an actor; `undefined` where there is no such actor. */
  code(id: ActorId): Cid | undefined {
    return this.#find(() => this.#syscalls.call<Cid>('actor.get_actor_code_cid', id))
  }

  /** attoFIL of an actor; `undefined` where there is no such actor. */
  balance(id: ActorId): TokenAmount | undefined {
    return this.#find(() => this.#syscalls.call<{ value: TokenAmount }>('actor.balance_of', id).value)
  }

  /** The name of a built-in actor's code, or `undefined`. */
  builtin(code: Cid): BuiltinActor | undefined {
    return builtinActorOfType(this.builtinType(code))
  }

  /** The type number of a built-in actor's code, 0 for any other. On networks of one's own there can be more of them than names in Filecoin. */
  builtinType(code: Cid): number {
    return this.#syscalls.call<{ value: number }>('actor.get_builtin_actor_type', code).value
  }

  /** The code of a built-in actor. Ends the invocation where the network has none. */
  codeOf(name: BuiltinActor): Cid {
    return this.#panic.unless('no code for a built-in actor', () =>
      this.#syscalls.call<Cid>('actor.get_code_cid_for_type', typeOfBuiltinActor(name)),
    )
  }

  /** The f2 address of the actor that is made next. */
  nextAddress(): Address {
    return this.#syscalls.call<Address>('actor.next_actor_address')
  }

  /**
   * Makes an actor without state; only the init actor may.
   * @throws {ActorError} USR_FORBIDDEN where it exists, and is no placeholder for the address; USR_ILLEGAL_ARGUMENT; USR_ASSERTION_FAILED
   */
  create(code: Cid, id: ActorId, delegatedAddress?: Address): void {
    try {
      this.#syscalls.call('actor.create_actor', id, code, delegatedAddress)
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error
      if (error.number === ErrorNumber.IllegalArgument)
        fail(ExitCode.USR_ILLEGAL_ARGUMENT, 'the actor cannot be created')
      if (error.number === ErrorNumber.Forbidden) fail(ExitCode.USR_FORBIDDEN, 'the actor exists already')
      fail(ExitCode.USR_ASSERTION_FAILED, `creating the actor failed with error ${error.number}`)
    }
  }

  /** What a query finds; `undefined` where the kernel knows of nothing. Any other refusal ends the invocation. */
  #find<T>(query: () => T): T | undefined {
    return this.#panic.unless('an unexpected refusal', () => {
      try {
        return query()
      } catch (error) {
        if (error instanceof SyscallError && error.number === ErrorNumber.NotFound) return undefined
        throw error
      }
    })
  }
}
