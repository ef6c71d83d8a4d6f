import {
  MESSAGE_QUEUE_ACTOR_ID,
  MessageQueueMethod,
  type MessageQueueState,
  messageQueueStateCodec,
  type SettleParameters,
  settleParametersCodec,
  type TakenMessage,
  takenMessageCodec,
} from '@troupe/actors'
import {
  Executor,
  type HypervisorError,
  idAddress,
  type Machine,
  MESSAGE_VERSION,
  type Message,
  type MessageResult,
  messageCid,
  type RequiredFidelity,
  type StepListener,
  type TraceListener,
} from '@troupe/hypervisor'
import { type Cid, cidEquals, decodeValue, encodeValue } from '@troupe/ipld'
import { TroupeError } from '../errors.ts'
import type { TipsetObserver } from './execute-tipset.ts'
import { asRefusal } from './refused-messages.ts'
import { runSystem } from './run-system.ts'

/** What became of a message that an actor had left to the end of the block. */
export interface QueuedResult {
  /** Its number in the queue. */
  readonly number: bigint
  /** Index of the block's message that it comes from, by way of other queued ones or not; `undefined` where that was in an earlier block. */
  readonly cause: number | undefined
  /** Its name, as that of any message. */
  readonly cid: Cid
  /** An implicit message of the actor that queued it. Its sequence number is {@link FIRST_QUEUED_SEQUENCE} and its number. */
  readonly message: Message
  readonly result: MessageResult
}

/** How what waits is executed. */
export interface QueueRunOptions {
  /** Called before each message; gives the listener for its trace. */
  readonly traceOf: ((message: Message) => TraceListener | undefined) | undefined
  /** Receives what the queue's own methods do. */
  readonly systemTrace: TraceListener | undefined
  /** Shown the machine before each message and after it; `index` is that among the queued ones. */
  readonly observe: TipsetObserver | undefined
  /** Called before each message; gives who is told of the steps of its code. */
  readonly stepsOf: (index: number) => StepListener | undefined
  /** How good the results have to be of what comes from the message of an index. */
  readonly required: (cause: number) => RequiredFidelity | undefined
  /** Told of a message that has left one whose result is not as good as it has to be: the block cannot have it. */
  readonly refuse: (cause: number, reason: HypervisorError) => void
}

/**
 * Of the first queued message. Names of messages and addresses of new actors are made of a message's sender and its sequence number, so that queued ones have theirs above all that
 * accounts ever reach, and still where numbers of JSON are whole.
 */
export const FIRST_QUEUED_SEQUENCE: bigint = 2n ** 52n
/** What the system's own calls of the queue may use: for data of the greatest length that can be configured. */
const SYSTEM_GAS_LIMIT = 10_000_000_000n

/**
 * Executes what actors have left to the end of a block; see `withMessageQueue`. It is told after every message of the block, so that it knows where each queued one comes from.
 */
export class QueueRun {
  readonly #machine: Machine
  readonly #epoch: bigint
  readonly #causes = new Map<bigint, number | undefined>()
  /** The state that was read last. */
  #head: Cid | undefined
  #state: MessageQueueState

  /** Begins with a block, before its messages. */
  constructor(machine: Machine, epoch: bigint) {
    this.#machine = machine
    this.#epoch = epoch
    this.#state = this.#read()
  }

  /** Notes what the message of an index has queued. */
  note(cause: number | undefined): void {
    const { next } = this.#state
    this.#state = this.#read()
    for (let number = next; number < this.#state.next; number++) this.#causes.set(number, cause)
  }

  /**
   * Executes all that waits, and what that queues, in their order.
   * @throws {TroupeError} chain/system-failed where the queue's own methods fail
   */
  run({ observe, refuse, required, stepsOf, systemTrace, traceOf }: QueueRunOptions): QueuedResult[] {
    const results: QueuedResult[] = []
    while (this.#state.first < this.#state.next) {
      const taken = decodeValue(takenMessageCodec, this.#call('TAKE', new Uint8Array(), systemTrace))
      const { number } = taken
      const cause = this.#causes.get(number)
      const message = messageOf(taken)
      const trace = traceOf?.(message)
      const index = results.length
      const requireFidelity = cause === undefined ? undefined : required(cause)
      observe?.('before', index, this.#machine)
      let result: MessageResult
      try {
        result = new Executor(this.#machine).execute(message, {
          ...{ kind: 'implicit', length: 0, requireFidelity, steps: stepsOf(index) },
          ...(trace === undefined ? {} : { trace }),
        })
      } catch (error) {
        if (cause === undefined) throw error
        refuse(cause, asRefusal(error))
        this.note(cause)
        continue
      }
      observe?.('after', index, this.#machine)
      if (taken.keepsResult)
        this.#call('SETTLE', encodeValue(settleParametersCodec, this.#settled(number, result)), systemTrace)
      this.note(cause)
      results.push({ number, cause, cid: messageCid(this.#machine.crypto, message), message, result })
    }
    return results
  }

  #settled(number: bigint, { receipt: { exitCode, returnData } }: MessageResult): SettleParameters {
    const { maximumResult = 0 } = this.#machine.rules.messageQueue ?? {}
    return { number, exitCode, returned: returnData.length > maximumResult ? undefined : returnData }
  }

  #call(name: 'TAKE' | 'SETTLE', params: Uint8Array, trace: TraceListener | undefined): Uint8Array {
    const call = {
      name: 'the message queue',
      to: idAddress(MESSAGE_QUEUE_ACTOR_ID),
      method: BigInt(MessageQueueMethod[name]),
      gasLimit: SYSTEM_GAS_LIMIT,
      params,
    }
    return runSystem(this.#machine, this.#epoch, call, trace)
  }

  #read(): MessageQueueState {
    const head = headOf(this.#machine)
    if (this.#head !== undefined && cidEquals(head, this.#head)) return this.#state
    this.#head = head
    return stateOf(this.#machine, head)
  }
}

/** How many messages were ever queued in the state of a machine: the number of the next one. @throws {TroupeError} chain/no-queue */
export function queuedCount(machine: Machine): bigint {
  return stateOf(machine, headOf(machine)).next
}

function headOf({ state }: Machine): Cid {
  const head = state.getActor(MESSAGE_QUEUE_ACTOR_ID)?.head
  if (head === undefined) throw noQueue()
  return head
}

function stateOf({ blocks }: Machine, head: Cid): MessageQueueState {
  const bytes = blocks.get(head)
  if (bytes === undefined) throw noQueue()
  return decodeValue(messageQueueStateCodec, bytes)
}

function noQueue(): TroupeError {
  return new TroupeError('chain/no-queue', 'the rules have a message queue, and the state has none at f012')
}

function messageOf({ from, gasLimit, method, number, parameters, to, value }: TakenMessage): Message {
  return {
    ...{ version: MESSAGE_VERSION, from: idAddress(from), to, value, method },
    ...{
      sequence: FIRST_QUEUED_SEQUENCE + number,
      params: parameters,
      gasLimit,
      gasFeeCap: 0n,
      gasPremium: 0n,
    },
  }
}
