import type { Cid } from '@troupe/ipld'
import { ErrorNumber } from '../actor/error-number.ts'
import { ExitCode } from '../actor/exit-code.ts'
import type { Message } from '../actor/message.ts'
import { METHOD_SEND } from '../actor/method-number.ts'
import type { Receipt } from '../actor/receipt.ts'
import type { TokenAmount } from '../actor/token-amount.ts'
import type { ActorId } from '../address/address.ts'
import { BURNT_FUNDS_ACTOR_ID, REWARD_ACTOR_ID } from '../address/singletons.ts'
import type { Backtrace } from '../call-manager/backtrace.ts'
import { CallManager, type CallResult } from '../call-manager/call-manager.ts'
import type { StampedEvent } from '../call-manager/events.ts'
import { HypervisorError } from '../errors.ts'
import { computeFeeOutputs, type FeeOutputs } from '../gas/fee-outputs.ts'
import { MILLIGAS_PER_GAS } from '../gas/prices/price-list.ts'
import { OutOfGas, ProtocolFatal, SyscallError } from '../kernel/errors.ts'
import type { EthereumGasRules } from '../network/ethereum-gas.ts'
import { cacheUseBetween } from '../trace/cache-use.ts'
import type { TraceListener } from '../trace/events.ts'
import type { MessageFidelity, RequiredFidelity } from '../trace/fidelity.ts'
import type { StepListener } from '../trace/steps.ts'
import { inclusionOf } from './inclusion.ts'
import type { Machine } from './machine.ts'
import { type Admission, type MessageKind, preflight, type Refusal } from './preflight.ts'
import { checkResult } from './required-fidelity.ts'
import { askSender, senderOf } from './sender.ts'

const MILLIGAS = BigInt(MILLIGAS_PER_GAS)

/** How a message is executed. */
export interface ExecuteOptions {
  /** Default: `explicit`. */
  readonly kind?: MessageKind
  /** Bytes of the message on chain: signed for secp256k1, unsigned for BLS (see `chainLength`). */
  readonly length: number
  /** Data of the message's signature, for a sender whose own code judges it (`withAbstractAccounts`). Nobody else is given it. */
  readonly signature?: Uint8Array | undefined
  /**
   * Whether an explicit message is executed although its sender is no account: for tests, which want to see what a contract, a multisig or an actor of the system could do.
   * Its code is not asked either, where accounts are abstract. The sender's record takes the sequence number and pays, as an account's would; where its fee cap is below the base
   * fee, nobody is punished for that. The result is then `simulated`, with this as a reason. Messages of accounts are executed as ever. Default: `false`.
   *
   * Differs: the reference refuses such a message, with `SYS_SENDER_INVALID`.
   */
  readonly impersonate?: boolean | undefined
  /** How good the result has to be, where that is better than what the machine requires. */
  readonly requireFidelity?: RequiredFidelity | undefined
  readonly trace?: TraceListener
  /** Is told of every instruction of code whose runtime can tell: contracts of `@troupe/runtime-evm`. */
  readonly steps?: StepListener | undefined
}

/** What became of a message. Only the receipt is part of the chain. */
export interface MessageResult {
  readonly receipt: Receipt
  /** Where the sender's tokens went. All zero for implicit messages, and for refused ones but for the miner's penalty. */
  readonly fees: FeeOutputs
  readonly events: readonly StampedEvent[]
  /** The blocks below the receipt's events root, children before parents, for whoever keeps them. */
  readonly eventBlocks: readonly (readonly [Cid, Uint8Array])[]
  /** Why it failed, where it did. */
  readonly failure: { readonly message: string; readonly backtrace: Backtrace | undefined } | undefined
  readonly fidelity: MessageFidelity
}

const NO_FEES: FeeOutputs = {
  baseFeeBurn: 0n,
  overEstimationBurn: 0n,
  minerPenalty: 0n,
  minerTip: 0n,
  refund: 0n,
  gasBurned: 0n,
  gasRefund: 0n,
}

/** How the call of a message ended, before it becomes a receipt. */
type Outcome = CallResult | SyscallError | OutOfGas | ProtocolFatal

/**
 * Executes messages on a machine, one at a time: preflight, call, fees, receipt.
 *
 * Source: ref-fvm release/v2 and release/v3, fvm/src/executor/default.rs.
 */
export class Executor {
  readonly #machine: Machine

  constructor(machine: Machine) {
    this.#machine = machine
  }

  /**
   * Executes one message. What it changes is seen by the next, and is written by `machine.flush()`.
   *
   * @throws {HypervisorError} message/fidelity where the result is not as good as it has to be; the machine is then as it was before, too
   * @throws whatever the host fails with (a store that cannot answer, a proof verifier that is absent, a bug): there is then no receipt, and
   * the machine is as it was before
   */
  execute(message: Message, options: ExecuteOptions): MessageResult {
    const machine = this.#machine
    machine.commit()
    try {
      const result = this.#execute(message, options)
      checkResult(result.fidelity, machine.requireFidelity, options.requireFidelity)
      machine.commit()
      return result
    } catch (error) {
      machine.rollback()
      throw error
    }
  }

  /**
   * Asks the sender's own code whether a message is the sender's, at whatever sequence number. Nothing changes.
   *
   * @returns why it is not; `undefined` where it is, and for accounts and Ethereum accounts, of which nobody is asked
   * @throws whatever the host fails with
   */
  authenticate(message: Message, { length, signature, trace }: ExecuteOptions): string | undefined {
    const { rules, state } = this.#machine
    const inclusion = inclusionOf(rules, message, length)
    this.#machine.commit()
    try {
      const id = state.lookupId(message.from)
      const actor = id === undefined ? undefined : state.getActor(id)
      const sender = actor === undefined ? undefined : senderOf(this.#machine, actor)
      if (id === undefined || sender === undefined) return 'the sender is not an account'
      if (!sender.isAbstract) return undefined
      const { balance, sequence } = sender.record
      const gasCost = min(message.gasFeeCap * message.gasLimit, balance)
      state.setActor(id, { ...sender.record, sequence: sequence + 1n, balance: balance - gasCost })
      const admission: Admission = { sender: id, gasCost, inclusion, isAbstract: true, isImpersonated: false }
      const calls = this.#open(message, admission, trace)
      return askSender(calls, id, message, signature)
    } catch (error) {
      if (error instanceof OutOfGas) return 'its inclusion costs more than its gas limit'
      throw error
    } finally {
      this.#machine.rollback()
    }
  }

  #execute(message: Message, options: ExecuteOptions): MessageResult {
    const { impersonate, kind = 'explicit', length, signature, steps, trace } = options
    const before = trace === undefined ? undefined : this.#machine.caches
    const admission = preflight(this.#machine, message, kind, length, impersonate)
    if ('exitCode' in admission) return this.#refused(admission)
    const calls = this.#open(message, admission, trace, steps)
    if (admission.isImpersonated)
      calls.fidelity.touch({
        level: 'simulated',
        reason: `the sender f0${admission.sender} cannot send messages, and is impersonated`,
      })
    const refusal = admission.isAbstract ? askSender(calls, admission.sender, message, signature) : undefined
    if (refusal !== undefined) return this.#refusedBySender(calls, message, refusal)
    const outcome = this.#call(calls, message, admission)
    const eventTree = calls.events.tree(this.#machine.crypto)
    const receipt = this.#receipt(calls, message, admission, outcome, eventTree.root)
    const fees = kind === 'implicit' ? NO_FEES : this.#settle(message, receipt, admission)
    if (before !== undefined) trace?.({ type: 'caches', ...cacheUseBetween(before, this.#machine.caches) })
    return {
      receipt,
      fees,
      events: calls.events.events,
      eventBlocks: eventTree.blocks,
      failure: failureOf(calls, receipt, outcome),
      fidelity: calls.fidelity.result,
    }
  }

  #open(
    message: Message,
    { sender, inclusion }: Admission,
    trace: TraceListener | undefined,
    steps?: StepListener,
  ): CallManager {
    const { context, rules, state } = this.#machine
    const premium = min(message.gasPremium, message.gasFeeCap - context.baseFee)
    const calls = new CallManager(
      this.#machine,
      {
        id: sender,
        address: message.from,
        sequence: message.sequence,
        gasLimit: message.gasLimit,
        gasPremium: premium > 0n ? premium : 0n,
        receiver: rules.looksUpReceiverFirst ? state.lookupId(message.to) : undefined,
      },
      trace,
      steps,
    )
    calls.charge('OnChainMessage', inclusion.milligas)
    calls.gas.isFree = inclusion.isTransaction
    if (inclusion.isTransaction)
      calls.fidelity.touch({
        level: 'simulated',
        reason: `the message is a transaction with Ethereum's gas (${rules.ethereumGas?.fork}), and not Filecoin's`,
      })
    return calls
  }

  #call(calls: CallManager, message: Message, { sender }: Admission): Outcome {
    const { rules } = this.#machine
    const codec = message.method === METHOD_SEND ? rules.sendParametersCodec : rules.parametersCodec
    try {
      return calls.call({
        from: sender,
        to: message.to,
        method: message.method,
        // Blocks are kept as they are, and the message remains its owner's.
        parameters: message.params.length === 0 ? undefined : { codec, data: message.params.slice() },
        value: message.value,
        gasLimit: undefined,
        readOnly: false,
      })
    } catch (error) {
      if (error instanceof SyscallError || error instanceof OutOfGas || error instanceof ProtocolFatal)
        return error
      throw error
    }
  }

  #receipt(
    calls: CallManager,
    message: Message,
    { inclusion }: Admission,
    outcome: Outcome,
    root: Cid | null,
  ): Receipt {
    const { rules } = this.#machine
    if (!rules.exitsCanSucceed && 'isExit' in outcome && outcome.exitCode === ExitCode.OK)
      throw new HypervisorError('message/aborted-with-success', 'the receiver aborted with exit code 0')
    const used = calls.gas.used
    const rounded = used > 0n ? (used + MILLIGAS - 1n) / MILLIGAS : 0n
    const paid = rules.ethereumGas === undefined ? rounded : afterRefund(rules.ethereumGas, calls, rounded)
    const gasUsed = outcome instanceof ProtocolFatal ? message.gasLimit : max(paid, inclusion.floor)
    const eventsRoot = rules.receiptArity === 4 ? { eventsRoot: root } : {}
    return { ...exitOf(outcome, rules.failuresReturnData), gasUsed, ...eventsRoot }
  }

  #refused({ exitCode, minerPenalty, message }: Refusal): MessageResult {
    const eventsRoot: { eventsRoot?: Cid | null } =
      this.#machine.rules.receiptArity === 4 ? { eventsRoot: null } : {}
    return {
      receipt: { exitCode, returnData: new Uint8Array(), gasUsed: 0n, ...eventsRoot },
      fees: { ...NO_FEES, minerPenalty },
      events: [],
      eventBlocks: [],
      failure: { message, backtrace: undefined },
      fidelity: { level: 'exact', reasons: [] },
    }
  }

  /** A message that its sender's code does not take for its own: as one of a sender that is no account. */
  #refusedBySender(calls: CallManager, { gasLimit }: Message, reason: string): MessageResult {
    const { context } = this.#machine
    // Sequence number, fee and code of the sender are as they were.
    this.#machine.rollback()
    const refused = this.#refused({
      exitCode: ExitCode.SYS_SENDER_INVALID,
      minerPenalty: context.baseFee * gasLimit,
      message: `the sender f0${calls.origin.id} refuses it: ${reason}`,
    })
    const failure = { message: refused.failure?.message ?? reason, backtrace: calls.backtrace }
    return { ...refused, failure, fidelity: calls.fidelity.result }
  }

  /** Pays burns, tip and refund out of what the sender has paid beforehand. */
  #settle(message: Message, { gasUsed }: Receipt, admission: Admission): FeeOutputs {
    const { gasCost, isAbstract, isImpersonated, sender } = admission
    const { baseFee } = this.#machine.context
    const fees = computeFeeOutputs({
      gasUsed,
      gasLimit: message.gasLimit,
      baseFee: isImpersonated ? min(baseFee, message.gasFeeCap) : baseFee,
      feeCap: message.gasFeeCap,
      premium: message.gasPremium,
    })
    this.#deposit(BURNT_FUNDS_ACTOR_ID, fees.baseFeeBurn)
    this.#deposit(REWARD_ACTOR_ID, fees.minerTip)
    this.#deposit(BURNT_FUNDS_ACTOR_ID, fees.overEstimationBurn)
    // Other senders cannot delete themselves; these may, and leave nobody to refund.
    const isGone = (isAbstract || isImpersonated) && this.#machine.state.getActor(sender) === undefined
    this.#deposit(isGone ? BURNT_FUNDS_ACTOR_ID : sender, fees.refund)
    if (fees.baseFeeBurn + fees.minerTip + fees.overEstimationBurn + fees.refund !== gasCost)
      throw new HypervisorError(
        'fees/unbalanced',
        `the fees do not add up to the ${gasCost} attoFIL that were paid`,
      )
    return fees
  }

  #deposit(id: ActorId, amount: TokenAmount): void {
    if (amount === 0n) return
    if (amount < 0n) throw new HypervisorError('fees/negative', `a fee cannot be negative (${amount})`)
    const { state } = this.#machine
    const actor = state.getActor(id)
    if (actor === undefined)
      throw new HypervisorError('fees/no-actor', `f0${id}, which fees go to, does not exist`)
    state.setActor(id, { ...actor, balance: actor.balance + amount })
  }
}

function exitOf(outcome: Outcome, failuresReturnData: boolean): Pick<Receipt, 'exitCode' | 'returnData'> {
  const returnData = new Uint8Array()
  if (outcome instanceof OutOfGas) return { exitCode: ExitCode.SYS_OUT_OF_GAS, returnData }
  if (outcome instanceof ProtocolFatal) return { exitCode: ExitCode.SYS_ASSERTION_FAILED, returnData }
  if (outcome instanceof SyscallError) return { exitCode: exitOfError(outcome.number), returnData }
  const { exitCode, value } = outcome
  if (value === undefined || (exitCode !== ExitCode.OK && !failuresReturnData))
    return { exitCode, returnData }
  return { exitCode, returnData: value.data.slice() }
}

/** How a message ends that could not be delivered at all. */
function exitOfError(number: ErrorNumber): ExitCode {
  if (number === ErrorNumber.InsufficientFunds) return ExitCode.SYS_INSUFFICIENT_FUNDS
  if (number === ErrorNumber.NotFound) return ExitCode.SYS_INVALID_RECEIVER
  return ExitCode.SYS_ASSERTION_FAILED
}

function failureOf(calls: CallManager, receipt: Receipt, outcome: Outcome): MessageResult['failure'] {
  if (receipt.exitCode === ExitCode.OK) return undefined
  const { backtrace } = calls
  if (outcome instanceof SyscallError) backtrace.begin({ syscall: 'send.send', error: outcome })
  else if (outcome instanceof ProtocolFatal) backtrace.setCause({ syscall: undefined, error: outcome })
  const message =
    outcome instanceof SyscallError || outcome instanceof ProtocolFatal
      ? outcome.message
      : backtrace.frames[0]?.message
  return { message: message ?? 'out of gas', backtrace }
}

/** What a message has used, less what its contracts give back. */
function afterRefund({ refundDivisor }: EthereumGasRules, { refund }: CallManager, used: bigint): bigint {
  return used - min(BigInt(Math.max(0, refund)), used / BigInt(refundDivisor))
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
