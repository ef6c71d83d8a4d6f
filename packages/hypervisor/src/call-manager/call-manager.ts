import { CBOR, CborWriter, type Cid } from '@troupe/ipld'
import { ErrorNumber } from '../actor/error-number.ts'
import { ExitCode } from '../actor/exit-code.ts'
import { METHOD_CONSTRUCTOR, METHOD_SEND } from '../actor/method-number.ts'
import type { TokenAmount } from '../actor/token-amount.ts'
import type { ActorId, Address } from '../address/address.ts'
import { SYSTEM_ACTOR_ID } from '../address/singletons.ts'
import type { ChargeName } from '../gas/prices/charge-names.ts'
import { MILLIGAS_PER_GAS, type PriceList } from '../gas/prices/price-list.ts'
import { GasTracker } from '../gas/tracker.ts'
import { type Block, BlockRegistry, NO_BLOCK } from '../kernel/block-registry.ts'
import { Abort, OutOfGas, orFatal, ProtocolFatal, SyscallError } from '../kernel/errors.ts'
import { Kernel } from '../kernel/kernel.ts'
import type { Machine } from '../machine/machine.ts'
import { MemoryBudget } from '../machine/memory-budget.ts'
import { isPricedByEthereum } from '../network/ethereum-gas.ts'
import type { Program } from '../runtime/runtime.ts'
import type { TraceListener } from '../trace/events.ts'
import { FidelityTally } from '../trace/fidelity.ts'
import type { StepListener } from '../trace/steps.ts'
import { AccessTracker } from './access-tracker.ts'
import { createFromSend, getActor, resolveAddress, transfer } from './accounts.ts'
import { Backtrace, type BacktraceFrame } from './backtrace.ts'
import { EventLog } from './events.ts'
import { type Journal, Journals } from './journals.ts'
import { Locks } from './locks.ts'

const MILLIGAS_PER_GAS_BIG = BigInt(MILLIGAS_PER_GAS)
/** Most milligas that a limit can be. */
const MAX_MILLIGAS = 2n ** 63n - 1n

/** What one message brings to its calls. */
export interface MessageOrigin {
  readonly id: ActorId
  /** As the message has it. */
  readonly address: Address
  readonly sequence: bigint
  /** Gas. */
  readonly gasLimit: bigint
  /** The premium that remains after the base fee, from generation 3 on. */
  readonly gasPremium: TokenAmount
  /** The receiver of the message, where it exists beforehand: its lookup is not charged. */
  readonly receiver: ActorId | undefined
}

/** A call from one actor to another. */
export interface Call {
  readonly from: ActorId
  readonly to: Address
  readonly method: bigint
  readonly parameters: Block | undefined
  readonly value: TokenAmount
  /** Milligas; `undefined` for all that is left. */
  readonly gasLimit: bigint | undefined
  readonly readOnly: boolean
  /** Whether `from` cannot be called until this call ends. */
  readonly locksSender?: boolean
  /** Where the call is the upgrade of an actor: the code that it had before. The code that it has now is called at `upgrade`. */
  readonly upgradedFrom?: Cid
}

/** How a call ended, where it was made at all. */
export interface CallResult {
  readonly exitCode: ExitCode
  readonly value: Block | undefined
  /** Whether the actor ended itself instead of returning; by exit code 0 that may be a success all the same. */
  readonly isExit?: boolean
}

const SUCCESS: CallResult = { exitCode: ExitCode.OK, value: undefined }

/**
 * The stack of calls within one message: resolves receivers, creates them, moves value, finds and runs code, and takes everything back that
 * a failing call did.
 *
 * Source: ref-fvm release/v2, release/v3 and master, fvm/src/call_manager/default.rs; the order of charges and tests is consensus.
 */
export class CallManager {
  readonly machine: Machine
  readonly origin: MessageOrigin
  readonly gas: GasTracker
  readonly memory: MemoryBudget
  readonly access: AccessTracker
  readonly events: EventLog = new EventLog()
  readonly backtrace: Backtrace = new Backtrace()
  readonly fidelity: FidelityTally = new FidelityTally()
  readonly trace: TraceListener | undefined
  /** Where runtimes tell the steps of code, where somebody wants them. */
  readonly steps: StepListener | undefined
  /** Actors created so far by this message, reverted ones counted: part of the addresses of new actors. */
  actorsCreated = 0n
  /** Gas that the message is to be given back at the end, where the rules have Ethereum's gas. Taken back with failing calls. */
  refund = 0
  #depth = 0
  readonly #journals = new Journals()
  readonly #locks = new Locks()
  /** The actors that are being called, the outermost first, implicit constructors left out. */
  readonly #stack: { readonly actor: ActorId; readonly isUpgrade: boolean }[] = []

  constructor(
    machine: Machine,
    origin: MessageOrigin,
    trace: TraceListener | undefined,
    steps?: StepListener | undefined,
  ) {
    const { rules } = machine
    this.machine = machine
    this.origin = origin
    this.trace = trace
    this.steps = steps
    const limit = origin.gasLimit * MILLIGAS_PER_GAS_BIG
    this.gas = new GasTracker(limit < MAX_MILLIGAS ? limit : MAX_MILLIGAS)
    if (trace !== undefined) this.gas.listen((name, milligas) => trace({ type: 'gas', name, milligas }))
    this.memory = new MemoryBudget(rules.maximumMemoryBytes ?? Number.POSITIVE_INFINITY)
    this.access = new AccessTracker(rules.prices.preloadedActors)
    this.access.recordUpdate(origin.id)
    if (origin.receiver !== undefined) this.access.recordRead(origin.receiver)
  }

  get prices(): PriceList {
    return this.machine.rules.prices
  }

  /** @throws {OutOfGas} */
  charge(name: ChargeName, milligas: number): void {
    this.gas.charge(name, milligas)
  }

  /**
   * Makes a call, in a transaction of its own.
   * @throws {SyscallError} where the call cannot be made
   * @throws {OutOfGas | ProtocolFatal} where it takes the calls above with it
   */
  call(call: Call): CallResult {
    const { rules } = this.machine
    this.trace?.({ type: 'call', ...call, gasLimit: this.#effectiveLimit(call.gasLimit) })
    if (call.gasLimit !== undefined) this.gas.pushLimit(call.gasLimit)
    if (this.#depth >= rules.maximumCallDepth) {
      if (call.gasLimit !== undefined && !rules.depthFailureKeepsGasLimit) this.gas.popLimit()
      return this.#fail(
        new SyscallError(ErrorNumber.LimitExceeded, `more than ${rules.maximumCallDepth} nested calls`),
      )
    }

    const memory = this.memory.used
    let result: CallResult | undefined
    let failure: unknown
    if (call.locksSender === true) this.#locks.hold(call.from)
    this.#depth++
    try {
      result = this.transaction(() => this.#run(call))
    } catch (error) {
      failure = error ?? new Error('nothing was thrown')
    }
    this.#depth--
    if (call.locksSender === true) this.#locks.release(call.from)
    this.memory.used = memory
    if (call.gasLimit !== undefined) this.gas.popLimit()
    // Only a limit of the call's own can be used up while gas is left around it.
    if (failure instanceof OutOfGas && this.gas.available > 0n)
      return this.#end({ exitCode: ExitCode.SYS_OUT_OF_GAS, value: undefined })
    if (failure !== undefined) return this.#fail(failure)
    return this.#end(result as CallResult)
  }

  /** Runs something that takes back what it has changed where it fails, be it with an exit code. Gas stays used. */
  transaction(run: () => CallResult): CallResult {
    const { state } = this.machine
    const marks = { state: state.mark(), access: this.access.mark, events: this.events.mark }
    const { refund } = this
    const journals = this.#journals.marks
    let isSuccess = false
    try {
      const result = run()
      isSuccess = result.exitCode === ExitCode.OK
      return result
    } finally {
      if (!isSuccess) {
        state.rollback(marks.state)
        this.access.rollback(marks.access)
        this.events.rollback(marks.events)
        this.#journals.rollback(journals)
        this.refund = refund
      }
    }
  }

  /**
   * What a runtime keeps of this message besides the state: made when it is first asked for, and taken back with failing calls.
   * @param owner whose it is; another object for each
   */
  journal<T extends Journal>(owner: object, create: () => T): T {
    return this.#journals.of(owner, create)
  }

  /** Whether the code of an actor may be replaced: only its own upgrades may have been called since it was. */
  mayUpgrade(actor: ActorId): boolean {
    const first = this.#stack.findIndex((entry) => entry.actor === actor && !entry.isUpgrade)
    return (
      first < 0 || this.#stack.slice(first + 1).every((entry) => entry.actor === actor && entry.isUpgrade)
    )
  }

  /** Runs the constructor of an account that a send created. Its exit code is ignored; its errors are the send's. */
  construct(id: ActorId, address: Address): void {
    const data = new CborWriter().bytes(address.bytes).finish()
    this.#invoke(id, {
      from: SYSTEM_ACTOR_ID,
      method: METHOD_CONSTRUCTOR,
      parameters: { codec: this.machine.rules.parametersCodec, data },
      value: 0n,
      readOnly: false,
    })
  }

  #run(call: Call): CallResult {
    const { rules } = this.machine
    const receiver = resolveAddress(this, call.to) ?? createFromSend(this, call.to, call.readOnly)
    this.#stack.push({ actor: receiver, isUpgrade: call.upgradedFrom !== undefined })
    try {
      const result = this.#invoke(receiver, call)
      if (rules.returnChargedBy === 'message' && this.#depth === 1 && result.exitCode === ExitCode.OK)
        this.charge('OnChainReturnValue', this.prices.onChainReturnValue(result.value?.data.length ?? 0))
      return result
    } finally {
      this.#stack.pop()
    }
  }

  #invoke(receiver: ActorId, call: Omit<Call, 'to' | 'gasLimit'>): CallResult {
    const { rules } = this.machine
    const actor = getActor(this, receiver)
    if (actor === undefined)
      throw new SyscallError(ErrorNumber.NotFound, `the receiver, f0${receiver}, does not exist`)
    this.trace?.({ type: 'invoke', actor: receiver, code: actor.code })

    if (rules.callsChargedFirst) this.#chargeInvocation(call)
    if (call.value !== 0n) {
      this.charge('OnValueTransfer', this.prices.onValueTransfer())
      transfer(this, call.from, receiver, call.value)
    }
    if (call.method === METHOD_SEND) return SUCCESS
    if (!rules.callsChargedFirst) this.#chargeInvocation(call)

    const blocks = new BlockRegistry(rules.blockCodecs)
    const parameters = call.parameters === undefined ? NO_BLOCK : blocks.put(call.parameters)
    const { from: caller, method, value: valueReceived, readOnly, upgradedFrom } = call
    const upgrade = upgradedFrom === undefined ? undefined : blocks.put(upgradeInfo(upgradedFrom))
    if (!orFatal(() => this.machine.mayRun(actor.code)))
      throw new SyscallError(ErrorNumber.NotFound, `the code ${actor.code} is not installed`)
    const kernel = new Kernel(this, { caller, receiver, method, valueReceived, readOnly }, blocks)
    const result = this.#execute(kernel, actor.code, parameters, upgrade)
    if (result.value !== undefined && rules.returnChargedBy === 'invocation') this.#chargeReturn(result.value)
    return result
  }

  #execute(kernel: Kernel, code: Cid, parameters: number, upgrade: number | undefined): CallResult {
    const { method, receiver } = kernel.context
    const { isFree } = this.gas
    try {
      if (upgrade === undefined && this.#locks.has(receiver))
        throw new Abort(ExitCode.SYS_REENTRANT_CALL, 'the actor is locked while it is being called')
      const program = this.machine.program(code)
      this.fidelity.touch(program.fidelity)
      this.gas.isFree =
        program.hasOwnPrices === true ||
        isPricedByEthereum(this.machine.rules, this.machine.manifest, kernel.context, code)
      const locks = program.isReentrant === false && this.machine.rules.reentrancyLocks
      if (locks) this.#locks.hold(receiver)
      try {
        return returned(kernel, enter(program, kernel, code, parameters, upgrade))
      } finally {
        if (locks) this.#locks.release(receiver)
      }
    } catch (error) {
      const { exitCode, message, outcome } = endOf(kernel, error)
      if (exitCode !== ExitCode.OK) {
        const cause = kernel.lastFailure
        if (cause !== undefined)
          this.backtrace.begin({
            syscall: `${cause.syscall.module}.${cause.syscall.name}`,
            error: cause.error,
          })
        this.backtrace.push({
          actor: receiver,
          method,
          exitCode,
          message,
          code,
          ...this.#stackOf(kernel, code),
        })
      }
      if (outcome instanceof OutOfGas || outcome instanceof ProtocolFatal) throw outcome
      return outcome
    } finally {
      this.gas.isFree = isFree
    }
  }

  /** Tells where in its code an invocation failed, where a runtime has told. */
  #stackOf({ context, failedAt: frames }: Kernel, code: Cid): Pick<BacktraceFrame, 'stack'> {
    if (frames.length === 0) return {}
    this.trace?.({ type: 'stack', actor: context.receiver, code, frames })
    return { stack: { frames } }
  }

  #chargeInvocation({ value, method, parameters }: Pick<Call, 'value' | 'method' | 'parameters'>): void {
    const links = parameters?.links?.length ?? 0
    this.charge('OnMethodInvocation', this.prices.onMethodInvocation(value, method, links))
  }

  /** Charges for a return value: for its place in the receipt, or for the links that the caller can then reach. */
  #chargeReturn({ data, links }: Block): void {
    if (this.#depth === 1) this.charge('OnChainReturnValue', this.prices.onChainReturnValue(data.length))
    else this.charge('OnReturnValue', this.prices.onInnerReturnValue(links?.length ?? 0))
  }

  #effectiveLimit(limit: bigint | undefined): bigint {
    const { available } = this.gas
    return limit !== undefined && limit < available ? limit : available
  }

  #end(result: CallResult): CallResult {
    this.trace?.({ type: 'return', exitCode: result.exitCode, value: result.value })
    return result
  }

  #fail(error: unknown): never {
    if (error instanceof SyscallError)
      this.trace?.({ type: 'error', number: error.number, message: error.message })
    else if (error instanceof OutOfGas)
      this.trace?.({ type: 'error', number: 'out-of-gas', message: 'out of gas' })
    else this.trace?.({ type: 'error', number: 'fatal', message: String(error) })
    throw error
  }
}

/** Runs a program at the entry that is called. */
function enter(
  program: Program,
  kernel: Kernel,
  code: Cid,
  parameters: number,
  upgrade: number | undefined,
): number {
  if (upgrade === undefined) return program.invoke(kernel, parameters)
  if (program.upgrade === undefined)
    throw new Abort(ExitCode.SYS_INVALID_RECEIVER, `${code} cannot be upgraded to`)
  return program.upgrade(kernel, parameters, upgrade)
}

/** What `upgrade` is told: the code before. Shape: CBOR tuple `[code CID]`, of which the link cannot be followed. */
function upgradeInfo(before: Cid): Block {
  return { codec: CBOR, data: new CborWriter().array(1).cid(before).finish() }
}

/** The result of an invocation that returned a handle. A handle that does not exist is the actor's failure. */
function returned(kernel: Kernel, handle: number): CallResult {
  if (handle === NO_BLOCK) return SUCCESS
  try {
    return { exitCode: ExitCode.OK, value: kernel.blocks.get(handle) }
  } catch (error) {
    if (error instanceof SyscallError)
      throw new Abort(ExitCode.SYS_MISSING_RETURN, `the returned block ${handle} does not exist`)
    throw error
  }
}

/** How an invocation ended that did not return: what the backtrace says of it, and what becomes of the call. */
interface End {
  readonly exitCode: ExitCode
  readonly message: string
  readonly outcome: CallResult | OutOfGas | ProtocolFatal
}

/** The end that an error of a program is. @throws the error itself where it is a failure of the host */
function endOf(kernel: Kernel, error: unknown): End {
  if (error instanceof Abort) return exited(kernel, error)
  if (error instanceof OutOfGas)
    return { exitCode: ExitCode.SYS_OUT_OF_GAS, message: 'out of gas', outcome: error }
  if (error instanceof ProtocolFatal)
    return { exitCode: ExitCode.SYS_ASSERTION_FAILED, message: 'fatal error', outcome: error }
  // To the caller it would look like a call that cannot be made.
  if (error instanceof SyscallError)
    throw new Error(`a runtime let the failure of a syscall escape: ${error.message}`)
  throw error
}

/** The end of an invocation that an actor brought about itself. A handle that does not exist is fatal here. */
function exited(kernel: Kernel, { exitCode, message, blockId }: Abort): End {
  try {
    const value = blockId === NO_BLOCK ? undefined : kernel.blocks.get(blockId)
    return { exitCode, message, outcome: { exitCode, value, isExit: true } }
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error
    return {
      exitCode: ExitCode.SYS_MISSING_RETURN,
      message: 'error getting exit data block',
      outcome: new ProtocolFatal(`the actor exited with block ${blockId}, which does not exist`),
    }
  }
}
