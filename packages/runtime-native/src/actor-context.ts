import {
  type Address,
  addressEquals,
  ErrorNumber,
  ExitCode,
  idAddress,
  type Kernel,
  SyscallError,
  type TokenAmount,
} from '@troupe/hypervisor'
import { ActorCrypto } from './actor-crypto.ts'
import { fail } from './actor-error.ts'
import { ActorQueries } from './actor-queries.ts'
import type { BuiltinActor } from './builtin-actors.ts'
import { type ActorEvent, encodeEvent } from './events.ts'
import { ExecutionGas } from './execution-gas.ts'
import { MessageInfo, NetworkInfo } from './message-info.ts'
import { Panic } from './panic.ts'
import { Randomness } from './randomness.ts'
import { type Send, type SendResult, Sends, type SentBlock } from './sends.ts'
import { StateAccess } from './state-access.ts'
import { SyscallBlockstore } from './syscall-blockstore.ts'
import { type SyscallRows, Syscalls } from './syscalls.ts'

/**
 * What a method of a native actor works with: all that the built-in actors' own runtime offers, made of the same syscalls in the same order.
 *
 * Methods throw {@link ActorError}s where the reference returns them; what it takes for impossible ends the invocation with USR_ASSERTION_FAILED.
 *
 * Source: builtin-actors v18 runtime/src/runtime/mod.rs, runtime/src/runtime/fvm.rs.
 */
export class ActorContext {
  /** What the method is called with. */
  readonly message: MessageInfo
  readonly network: NetworkInfo
  /** Other actors. */
  readonly actors: ActorQueries
  readonly crypto: ActorCrypto
  readonly randomness: Randomness
  /** The actor's own state. */
  readonly state: StateAccess
  readonly syscalls: Syscalls
  /** Gas of the actor's own code. */
  readonly gas: ExecutionGas
  readonly #panic: Panic
  readonly #sends: Sends
  #isCallerValidated = false
  #isDebugging = false

  constructor(kernel: Kernel, rows: SyscallRows) {
    this.syscalls = new Syscalls(kernel, rows)
    this.gas = new ExecutionGas(kernel)
    this.#panic = new Panic(this.syscalls)
    this.message = new MessageInfo(this.syscalls)
    this.network = new NetworkInfo(this.syscalls)
    this.actors = new ActorQueries(this.syscalls, this.#panic)
    this.crypto = new ActorCrypto(this.syscalls, this.#panic)
    this.randomness = new Randomness(this.syscalls, this.crypto)
    this.state = new StateAccess(
      this.syscalls,
      this.#panic,
      this.crypto,
      new SyscallBlockstore(this.syscalls, this.gas),
    )
    this.#sends = new Sends(this.syscalls, this.state)
  }

  /** Whether the method has said who may call it. */
  get isCallerValidated(): boolean {
    return this.#isCallerValidated
  }

  /** Lets anyone call. @throws {ActorError} USR_ASSERTION_FAILED where the caller has been validated before */
  acceptAnyCaller(): void {
    this.#refuseSecondValidation()
    this.#accept()
  }

  /** Lets one of `allowed` call. Only id-addresses are ever a caller. @throws {ActorError} USR_FORBIDDEN; USR_ASSERTION_FAILED the second time */
  requireCaller(...allowed: readonly Address[]): void {
    this.#refuseSecondValidation()
    const caller = idAddress(this.message.caller)
    if (!allowed.some((address) => addressEquals(address, caller)))
      fail(ExitCode.USR_FORBIDDEN, `f0${this.message.caller} may not call this`)
    this.#accept()
  }

  /** Lets actors call whose f4 address is in one of `namespaces`. @throws {ActorError} as {@link requireCaller} */
  requireCallerNamespace(...namespaces: readonly bigint[]): void {
    this.#refuseSecondValidation()
    const namespace = this.actors.delegatedAddress(this.message.caller)?.namespace
    if (namespace === undefined || !namespaces.includes(namespace))
      fail(ExitCode.USR_FORBIDDEN, `f0${this.message.caller} has no address in an allowed namespace`)
    this.#accept()
  }

  /** Lets built-in actors of some names call. @throws {ActorError} as {@link requireCaller} */
  requireCallerType(...names: readonly BuiltinActor[]): void {
    this.#refuseSecondValidation()
    const code = this.actors.code(this.message.caller) ?? this.panic('the caller has no code')
    const name = this.actors.builtin(code)
    if (name === undefined || !names.includes(name))
      fail(ExitCode.USR_FORBIDDEN, `a ${name ?? 'user'} actor may not call this`)
    this.#accept()
  }

  /** attoFIL of the actor, what came with the call included. */
  balance(): TokenAmount {
    return this.#panic.unless('no balance', () =>
      this.syscalls.call<{ value: TokenAmount }>('self.current_balance'),
    ).value
  }

  /** Calls another actor, and says how that ended. */
  send(send: Send): SendResult {
    return this.#sends.attempt(send)
  }

  /** Calls another actor, which has to succeed, and gives what it returned. @throws {ActorError} */
  sendOrFail(send: Send): SentBlock | undefined {
    return this.#sends.require(send)
  }

  /** Emits an event. @throws {ActorError} USR_ASSERTION_FAILED where the kernel refuses it */
  emit(event: ActorEvent): void {
    const { headers, keys, values } = encodeEvent(event)
    try {
      this.syscalls.call('event.emit_event', headers, keys, values)
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error
      fail(ExitCode.USR_ASSERTION_FAILED, `the event was refused with error ${error.number}`)
    }
  }

  /** Deletes the actor. @throws {ActorError} USR_ILLEGAL_ARGUMENT where it has funds, or the call is read-only */
  deleteSelf(): void {
    if (this.state.isChanging)
      fail(ExitCode.USR_ASSERTION_FAILED, 'an actor cannot be deleted while its state changes')
    try {
      this.syscalls.call('self.self_destruct', 0)
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error
      if (error.number !== ErrorNumber.IllegalOperation && error.number !== ErrorNumber.ReadOnly)
        this.panic(`the actor cannot be deleted: error ${error.number}`)
      fail(ExitCode.USR_ILLEGAL_ARGUMENT, 'the actor cannot be deleted')
    }
  }

  /** Gas that is left. */
  gasAvailable(): bigint {
    return this.syscalls.call<{ value: bigint }>('gas.available').value
  }

  /** Charges gas by a name. @throws {OutOfGas} */
  chargeGas(name: string, gas: bigint): void {
    this.syscalls.call('gas.charge', name, gas)
  }

  /** Ends the invocation with USR_ASSERTION_FAILED, past whoever would catch a failure. @throws {Abort} always */
  panic(message: string): never {
    return this.#panic.now(message)
  }

  /** Asks once whether actors are being debugged, as compiled actors do when they start. */
  startLogging(): void {
    this.#isDebugging = this.syscalls.call<{ value: number }>('debug.enabled').value === 0
  }

  /** Logs a message where actors are being debugged; otherwise it costs nothing. */
  log(message: string): void {
    if (this.#isDebugging) this.syscalls.call('debug.log', message)
  }

  #accept(): void {
    this.#isCallerValidated = true
    this.gas.accept()
  }

  #refuseSecondValidation(): void {
    if (this.#isCallerValidated)
      fail(ExitCode.USR_ASSERTION_FAILED, 'a method must validate its caller exactly once')
  }
}
