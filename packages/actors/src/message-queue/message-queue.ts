/** @module The methods of the message queue. What a message costs is paid where it is queued; what the system does at the end of the block nobody pays for any more. */
import {
  BURNT_FUNDS_ACTOR_ID,
  ExitCode,
  idAddress,
  METHOD_SEND,
  type MessageQueueRules,
  SYSTEM_ACTOR_ID,
} from '@troupe/hypervisor'
import { encodeValue } from '@troupe/ipld'
import { type ActorContext, fail } from '@troupe/runtime-native'
import {
  continuationParametersCodec,
  type EnqueueParameters,
  type SettleParameters,
  type TakenMessage,
  type WhenParameters,
} from './parameters.ts'
import {
  type Continuation,
  type Delivery,
  FUTURES,
  type Future,
  loadData,
  MESSAGE_QUEUE_ACTOR_ID,
  MESSAGES,
  type MessageQueueState,
  messageQueueStateCodec,
  NumberedMap,
  type QueuedMessage,
  storeData,
} from './state.ts'

/** Exit codes of the queue's own. */
export const MessageQueueExitCode = {
  /** The caller does not have the gas that a message, or a continuation, is to have. */
  NOT_ENOUGH_GAS: 32,
  /** Parameters, or what a continuation is to be given, are longer than the rules let the queue keep. */
  TOO_MUCH_DATA: 33,
} as const

/** What messages that wait are charged as. */
const CHARGE_NAME = 'OnQueuedMessage'

/** Constructor: a queue is there from the start of a network, and only its system makes one. */
export function construct(context: ActorContext): void {
  context.requireCaller(idAddress(SYSTEM_ACTOR_ID))
  const messages = NumberedMap.create(context.state, MESSAGES).flush()
  const futures = NumberedMap.create(context.state, FUTURES).flush()
  context.state.create(messageQueueStateCodec, { first: 0n, next: 0n, messages, futures })
}

/** Enqueue: leaves a message to the end of the block, in the name of the caller and with the value of the call. */
export function enqueue(context: ActorContext, params: EnqueueParameters): { number: bigint } {
  context.acceptAnyCaller()
  const { to, method, gasLimit, keepsResult } = params
  reserveGas(context, gasLimit, params.parameters)
  const parameters = storeData(context.state, params.parameters)
  const { caller: from, value } = context.message
  const number = context.state.change(messageQueueStateCodec, (state) => {
    if (keepsResult) changeFutures(context, state, (futures) => futures.set(state.next, pendingOf(from)))
    return append(context, state, { from, to, method, parameters, delivery: undefined, value, gasLimit })
  })
  return { number }
}

/** When: has the result of a future delivered to a method of its owner's, once, in a message that the queue sends. */
export function when(context: ActorContext, params: WhenParameters): void {
  context.acceptAnyCaller()
  const { future: number, method, gasLimit } = params
  reserveGas(context, gasLimit, params.context)
  const given = storeData(context.state, params.context)
  const continuation: Continuation = { method, context: given, gasLimit }
  context.state.change(messageQueueStateCodec, (state) => {
    changeFutures(context, state, (futures) => {
      const future = ownFuture(context, futures, number)
      if (future.continuation !== undefined)
        fail(ExitCode.USR_ILLEGAL_ARGUMENT, `the future ${number} has a continuation already`)
      if (future.result === undefined) futures.set(number, { ...future, continuation })
      else deliver(context, state, continuation, future.owner, { future: number, result: future.result })
    })
  })
}

/** Forget: the owner of a future wants nothing of it any more; its message is executed all the same. */
export function forget(context: ActorContext, { future: number }: { future: bigint }): void {
  context.acceptAnyCaller()
  context.state.change(messageQueueStateCodec, (state) => {
    changeFutures(context, state, (futures) => ownFuture(context, futures, number))
  })
}

/** Take: gives the system the message that is next, and its value to the sender again. Where the sender is gone, the value is burnt. */
export function take(context: ActorContext): TakenMessage {
  context.requireCaller(idAddress(SYSTEM_ACTOR_ID))
  const { number, message, keepsResult } = context.state.change(messageQueueStateCodec, (state) => {
    const messages = NumberedMap.load(context.state, state.messages, MESSAGES)
    const message = messages.take(state.first) ?? context.panic('no message waits')
    state.messages = messages.flush()
    const number = state.first
    state.first = number + 1n
    const keepsResult = NumberedMap.load(context.state, state.futures, FUTURES).get(number) !== undefined
    return { number, message, keepsResult }
  })
  const { from, value } = message
  if (value > 0n && from !== MESSAGE_QUEUE_ACTOR_ID) {
    const back = { method: METHOD_SEND, value }
    const { exitCode } = context.send({ to: idAddress(from), ...back })
    if (exitCode !== ExitCode.OK) context.sendOrFail({ to: idAddress(BURNT_FUNDS_ACTOR_ID), ...back })
  }
  return { ...message, number, parameters: parametersOf(context, message), keepsResult }
}

/** Settle: the system tells what became of a message whose result is kept. */
export function settle(context: ActorContext, { number, exitCode, returned }: SettleParameters): void {
  context.requireCaller(idAddress(SYSTEM_ACTOR_ID))
  context.state.change(messageQueueStateCodec, (state) => {
    changeFutures(context, state, (futures) => {
      const future = futures.take(number)
      // The message itself may have had its sender forget it.
      if (future === undefined) return
      const { owner, continuation } = future
      const kept = returned === undefined ? undefined : storeData(context.state, returned)
      const result = { exitCode, returned: kept, isTooLong: returned === undefined }
      if (continuation === undefined) futures.set(number, { owner, continuation, result })
      else deliver(context, state, continuation, owner, { future: number, result })
    })
  })
}

function rulesOf(context: ActorContext): MessageQueueRules {
  return context.syscalls.kernel.rules.messageQueue ?? context.panic('the rules of the network have no queue')
}

/**
 * Takes gas out of what the message has, as if it were used: the limit of a message with some data, and what the system does for it.
 * @throws {ActorError} USR_ILLEGAL_ARGUMENT without any gas, for which there is no message; TOO_MUCH_DATA; NOT_ENOUGH_GAS, past which the caller can go on
 */
function reserveGas(context: ActorContext, gasLimit: bigint, { length }: Uint8Array): void {
  const { maximumData, overheadGas, overheadGasPerByte } = rulesOf(context)
  if (gasLimit === 0n) fail(ExitCode.USR_ILLEGAL_ARGUMENT, 'a message has a gas limit of 1 at least')
  if (length > maximumData)
    fail(MessageQueueExitCode.TOO_MUCH_DATA, `${length} bytes, of at most ${maximumData}`)
  const gas = gasLimit + overheadGas + overheadGasPerByte * BigInt(length)
  if (gas >= context.gasAvailable())
    fail(
      MessageQueueExitCode.NOT_ENOUGH_GAS,
      `there are not ${gas} gas left to be used at the end of the block`,
    )
  context.chargeGas(CHARGE_NAME, gas)
}

function pendingOf(owner: bigint): Future {
  return { owner, result: undefined, continuation: undefined }
}

/** The future of a number, taken out. @throws {ActorError} USR_NOT_FOUND; USR_FORBIDDEN for one of somebody else's */
function ownFuture(context: ActorContext, futures: NumberedMap<Future>, number: bigint): Future {
  const future = futures.take(number) ?? fail(ExitCode.USR_NOT_FOUND, `there is no future ${number}`)
  if (future.owner !== context.message.caller)
    fail(ExitCode.USR_FORBIDDEN, `the future ${number} is another actor's`)
  return future
}

function changeFutures(
  { state: access }: ActorContext,
  state: MessageQueueState,
  change: (futures: NumberedMap<Future>) => void,
): void {
  const futures = NumberedMap.load(access, state.futures, FUTURES)
  change(futures)
  state.futures = futures.flush()
}

function append({ state: access }: ActorContext, state: MessageQueueState, message: QueuedMessage): bigint {
  const messages = NumberedMap.load(access, state.messages, MESSAGES)
  const number = state.next
  messages.set(number, message)
  state.messages = messages.flush()
  state.next = number + 1n
  return number
}

/** Queues the message that a continuation is called by. What it delivers stays where it is until then. */
function deliver(
  context: ActorContext,
  state: MessageQueueState,
  { gasLimit, method, context: parameters }: Continuation,
  owner: bigint,
  delivery: Delivery,
): void {
  const to = idAddress(owner)
  append(context, state, {
    ...{ from: MESSAGE_QUEUE_ACTOR_ID, to, method, parameters, delivery, value: 0n, gasLimit },
  })
}

/** What a message is called with. */
function parametersOf({ state }: ActorContext, { delivery, parameters }: QueuedMessage): Uint8Array {
  const data = loadData(state, parameters)
  if (delivery === undefined) return data
  const { exitCode, isTooLong, returned } = delivery.result
  return encodeValue(continuationParametersCodec, {
    ...{ future: delivery.future, context: data, exitCode },
    returned: isTooLong ? undefined : loadData(state, returned),
  })
}
