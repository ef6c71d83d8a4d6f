/** @module The state transition of a tipset: cron of the epochs without one, the messages, those that actors queue, the reward, cron. Source: lotus chain/consensus/compute_state.go. */
import {
  type Address,
  CRON_ACTOR_ID,
  Executor,
  type HypervisorError,
  idAddress,
  type Machine,
  type Message,
  type MessageResult,
  REWARD_ACTOR_ID,
  type StepListener,
  type TokenAmount,
  type TraceListener,
  writeAddress,
} from '@troupe/hypervisor'
import { CborWriter, type Cid } from '@troupe/ipld'
import { BLOCK_GAS_LIMIT } from './base-fee.ts'
import type { ChainedMessage } from './block-messages.ts'
import { type QueuedResult, QueueRun } from './queue-run.ts'
import { asRefusal, RefusedMessages } from './refused-messages.ts'
import { runSystem } from './run-system.ts'

/** What a tipset is computed from. */
export interface TipsetExecution {
  /** A machine on the state under a root, at an epoch. */
  readonly open: (root: Cid, epoch: bigint) => Machine
  /** The state after the tipset before. */
  readonly root: Cid
  /** The epoch of the tipset before. */
  readonly parentEpoch: bigint
  readonly epoch: bigint
  /** In the order of execution, each once. */
  readonly messages: readonly ChainedMessage[]
  /** Who produces the block, and is paid for it. */
  readonly miner: Address
  /** Called before each message, queued ones included; gives the listener for its trace. */
  readonly trace?: ((message: Message) => TraceListener | undefined) | undefined
  /** Shown the machine before each message and after it, queued ones included; must not change anything. */
  readonly observe?: TipsetObserver | undefined
  /** Called before each message, queued ones included; gives who is told of the steps of its code. */
  readonly steps?: ((index: number) => StepListener | undefined) | undefined
  /** Receives what the system's own calls do. */
  readonly systemTrace?: TraceListener | undefined
}

/** Looks at the state between the messages of a tipset; `index` is that of the message in their order, in which queued ones follow those of the blocks. */
export type TipsetObserver = (moment: 'before' | 'after', index: number, machine: Machine) => void

/** What became of a tipset. */
export interface ExecutedTipset {
  /** The state after it. */
  readonly root: Cid
  /** One for each message. */
  readonly results: readonly MessageResult[]
  /** Of the messages that actors had left to the end of it, in the order of execution. */
  readonly queued: readonly QueuedResult[]
}

/** Method numbers of what the system itself calls. */
const EPOCH_TICK = 2n
const AWARD_BLOCK_REWARD = 2n
const CRON_GAS_LIMIT = BLOCK_GAS_LIMIT * 10_000n
const REWARD_GAS_LIMIT = 2n ** 30n
/** A local block has won once. */
const WIN_COUNT = 1n

/**
 * Executes a tipset of one block. The new state's blocks are then in the store that the machines were opened on.
 *
 * @throws {RefusedMessages} where results of messages are not as good as they have to be: of all those that there are, as far as that can be found out without the others
 * @throws {TroupeError} chain/no-queue; chain/system-failed where cron, the reward or the queue fail, which is not for a chain to survive
 * @throws whatever the host fails with
 */
export function executeTipset(execution: TipsetExecution): ExecutedTipset {
  const { epoch, messages, miner, open, parentEpoch, systemTrace } = execution
  let { root } = execution
  for (let empty = parentEpoch + 1n; empty < epoch; empty++) {
    const machine = open(root, empty)
    runCron(machine, empty, systemTrace)
    root = machine.flush()
  }

  const machine = open(root, epoch)
  const executor = new Executor(machine)
  const queue = machine.rules.messageQueue === undefined ? undefined : new QueueRun(machine, epoch)
  const refused = new Map<Message, HypervisorError>()
  const results = messages.flatMap((entry, index) => {
    const { isImpersonated, length, message, requireFidelity, signature } = entry
    const trace = execution.trace?.(message)
    execution.observe?.('before', index, machine)
    try {
      const result = executor.execute(message, {
        ...{ length, signature, requireFidelity },
        ...{ impersonate: isImpersonated, steps: execution.steps?.(index) },
        ...(trace === undefined ? {} : { trace }),
      })
      execution.observe?.('after', index, machine)
      queue?.note(index)
      return result
    } catch (error) {
      refused.set(message, asRefusal(error))
      return []
    }
  })
  const queued =
    queue?.run({
      ...{ traceOf: execution.trace, systemTrace },
      observe:
        execution.observe &&
        ((moment, index, at) => execution.observe?.(moment, messages.length + index, at)),
      stepsOf: (index) => execution.steps?.(messages.length + index),
      required: (cause) => messages[cause]?.requireFidelity,
      refuse: (cause, reason) => refused.set((messages[cause] as ChainedMessage).message, reason),
    }) ?? []
  if (refused.size > 0) throw new RefusedMessages(refused)
  payReward(machine, epoch, miner, results, systemTrace)
  runCron(machine, epoch, systemTrace)
  return { root: machine.flush(), results, queued }
}

function runCron(machine: Machine, epoch: bigint, trace: TraceListener | undefined): void {
  runSystem(
    machine,
    epoch,
    {
      name: 'cron',
      to: idAddress(CRON_ACTOR_ID),
      method: EPOCH_TICK,
      gasLimit: CRON_GAS_LIMIT,
      params: new Uint8Array(),
    },
    trace,
  )
}

/** Parameters: CBOR `[miner, penalty, gas reward, win count]`. */
function payReward(
  machine: Machine,
  epoch: bigint,
  miner: Address,
  results: readonly MessageResult[],
  trace: TraceListener | undefined,
): void {
  const sum = (fee: 'minerPenalty' | 'minerTip'): TokenAmount =>
    results.reduce((total, { fees }) => total + fees[fee], 0n)
  const writer = new CborWriter().array(4)
  writeAddress(writer, miner).bigInt(sum('minerPenalty')).bigInt(sum('minerTip')).int(WIN_COUNT)
  runSystem(
    machine,
    epoch,
    {
      name: 'the block reward',
      to: idAddress(REWARD_ACTOR_ID),
      method: AWARD_BLOCK_REWARD,
      gasLimit: REWARD_GAS_LIMIT,
      params: writer.finish(),
    },
    trace,
  )
}
