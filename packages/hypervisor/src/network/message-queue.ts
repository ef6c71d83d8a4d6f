/** @module Messages that actors leave to the end of the block, as a rule of a network. */
import type { RuleSet } from './rule-set.ts'

/** How messages wait for the end of the block, on a network of one's own. */
export interface MessageQueueRules {
  /** Most bytes of a message's parameters, and of what a continuation is to be given besides a result. */
  readonly maximumData: number
  /** Most bytes of a result that is kept; of a longer one a future has the exit code only. */
  readonly maximumResult: number
  /** Gas that each message and each continuation costs besides its own limit: what the system does for it at the end of the block, for which nobody is left to pay then. */
  readonly overheadGas: bigint
  /** The same for each byte of data. */
  readonly overheadGasPerByte: bigint
}

/** Name of the queue's actor in the manifest. */
export const MESSAGE_QUEUE_ACTOR = 'messagequeue'

/** The rules that {@link withMessageQueue} sets unless told otherwise. */
export const MESSAGE_QUEUE_RULES: MessageQueueRules = {
  // A tenth of a block of an actor.
  maximumData: 102_400,
  maximumResult: 8192,
  // Taking a message out of the queue uses up to 12 million gas, and keeping a result of the greatest length up to 41 million.
  overheadGas: 75_000_000n,
  // Reading data and handing it over uses 1,860.
  overheadGasPerByte: 2000n,
}

/**
 * The rules of a network of one's own on which actors leave messages to the end of the block. The reference has calls only, which return at once; what is to happen later needs
 * somebody outside who sends a message then.
 *
 * A message is given to the queue's actor, whose state keeps it: it is gone where the call that gave it is rolled back. Its gas limit and the overhead are gas of the
 * message that gave it, used or not; its value waits in the queue's balance. After the block's own messages, and before the reward and cron, the queued ones are executed in the order in
 * which they came, those that they queue themselves included, as implicit messages of the actors that gave them. One that fails leaves its value with its sender. Every block runs
 * the queue empty: gas bounds it, because what a queued message queues is paid out of its own limit.
 *
 * A message may have a *future*, which keeps its result until its owner asks for it to be delivered: to a method of the owner's, in a message from the queue, once.
 *
 * @param rules of generation 3 or 4
 * @param bounds in place of those of {@link MESSAGE_QUEUE_RULES}
 */
export function withMessageQueue(rules: RuleSet, bounds: Partial<MessageQueueRules> = {}): RuleSet {
  return {
    ...rules,
    name: `${rules.name}+message-queue`,
    requiredActors: [...rules.requiredActors, MESSAGE_QUEUE_ACTOR],
    messageQueue: { ...MESSAGE_QUEUE_RULES, ...bounds },
  }
}
