/**
 * @module What a chain keeps of the messages that actors have left to the end of a block, beside the block, which says nothing of them: an AMT of version 0, in the order of execution, of
 *
 *     [CID of the message, index of the block's message that it comes from or null, receipt]
 *
 * Messages and events are blocks as those of others are.
 */
import {
  decodeMessage,
  encodeMessage,
  type Message,
  type Receipt,
  type RuleSet,
  receiptCodec,
} from '@troupe/hypervisor'
import type { CborStore, Cid, ValueCodec } from '@troupe/ipld'
import { Amt } from '@troupe/ipld/amt'
import { listOf } from './block-messages.ts'
import type { QueuedResult } from './queue-run.ts'

/** A message that an actor had left to the end of a block, with what became of it. */
export interface QueuedMessage {
  readonly cid: Cid
  readonly message: Message
  /** Index of the block's message that it comes from, by way of other queued ones or not; `undefined` where that was in an earlier block. */
  readonly cause: number | undefined
  readonly receipt: Receipt
}

type Row = Omit<QueuedMessage, 'message'>

function rowCodec({ receiptArity }: RuleSet): ValueCodec<Row> {
  const receipts = receiptCodec(receiptArity)
  return {
    encode: (writer, { cause, cid, receipt }) => {
      writer.array(3).cid(cid)
      if (cause === undefined) writer.null()
      else writer.uint(cause)
      receipts.encode(writer, receipt)
    },
    decode: (reader) => {
      reader.tuple(3)
      return {
        cid: reader.cid(),
        cause: reader.tryNull() ? undefined : reader.uint(32),
        receipt: receipts.decode(reader),
      }
    },
  }
}

/** Writes what became of queued messages, and gives the root. */
export function storeQueued(store: CborStore, rules: RuleSet, queued: readonly QueuedResult[]): Cid {
  const amt = Amt.create(store, { value: rowCodec(rules), version: 0 })
  queued.forEach(({ cause, cid, message, result: { eventBlocks, receipt } }, index) => {
    store.blocks.put(cid, encodeMessage(message))
    for (const [name, bytes] of eventBlocks) store.blocks.put(name, bytes)
    amt.set(index, { cause, cid, receipt })
  })
  return amt.flush()
}

/** Reads what became of the queued messages under a root. @throws {IpldError} where a block is absent or malformed */
export function loadQueued(store: CborStore, rules: RuleSet, root: Cid): QueuedMessage[] {
  return listOf(Amt.load(store, root, { value: rowCodec(rules), version: 0 })).map((row) => ({
    ...row,
    message: decodeMessage(store.getBlock(row.cid)),
  }))
}
