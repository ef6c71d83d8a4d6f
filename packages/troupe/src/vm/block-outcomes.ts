/** @module What a new block tells: to whoever follows events, and to whoever waits for a message. */
import { CallTree, type Message } from '@troupe/hypervisor'
import type { ExecutedMessage, ProducedBlock } from '../chain/chain.ts'
import { formatHash } from '../ethereum/hex.ts'
import type { ChainEvent } from './head.ts'
import { type MessageOutcome, toOutcome, toQueuedOutcome } from './outcome.ts'

/** The events of a block, in the order in which they were emitted. */
export function eventsOf({ messages, queued, tipset }: ProducedBlock): ChainEvent[] {
  const place = { block: tipset.cid, epoch: tipset.header.height }
  const all = [
    ...messages.map(({ cid, result }) => ({ message: cid, queued: undefined, result })),
    ...queued.map(({ cause, cid, result }) => ({
      message: cause === undefined ? undefined : messages[cause]?.cid,
      queued: cid,
      result,
    })),
  ]
  return all.flatMap(({ message, queued: name, result }) =>
    result.events.map((event) => ({ ...event, message, queued: name, ...place })),
  )
}

/** What became of the message of an index, and of what it left to the end of the block. @param traces of messages, as far as they were listened to */
export function outcomeOf(
  { messages, queued, tipset }: ProducedBlock,
  index: number,
  traces: { get(message: Message): CallTree | undefined },
): MessageOutcome {
  const { cid, hash, message, result } = messages[index] as ExecutedMessage
  const traceOf = (each: Message): CallTree => traces.get(each) ?? new CallTree()
  return {
    ...toOutcome(message, result, traceOf(message)),
    ...{ cid, hash: formatHash(hash), block: tipset.cid, epoch: tipset.header.height },
    queued: queued
      .filter(({ cause }) => cause === index)
      .map((each) => toQueuedOutcome(each, traceOf(each.message))),
  }
}
