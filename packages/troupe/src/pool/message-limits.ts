/** @module What the pool bounds. Source: lotus chain/messagepool/messagepool.go. */

import type { MiningMode } from '../vm/mining.ts'

/** What a pool keeps at most, and what it asks of messages. */
export interface PoolLimits {
  /** Messages of all senders. */
  readonly messages: number
  /** Messages of one sender. */
  readonly messagesOfSender: number
  /** How far a sequence number may be ahead of the next one without the ones between. 0 where blocks are made message by message, as nothing waits there. */
  readonly sequenceGap: bigint
  /** Bytes of a message with its signature. */
  readonly messageBytes: number
  /** A message takes the place of another with the same sequence number where its premium is at least so many percent of the other's. */
  readonly replacementPercent: bigint
}

/** The limits of a Filecoin node; the number of messages is what it prunes its pool to. */
export const POOL_LIMITS: PoolLimits = {
  messages: 5000,
  messagesOfSender: 1000,
  sequenceGap: 4n,
  messageBytes: 64 * 1024,
  replacementPercent: 110n,
}

/** How far a sequence number may be ahead where blocks are made so. */
export function sequenceGapOf(mining: MiningMode): bigint {
  return mining === 'instant' ? 0n : POOL_LIMITS.sequenceGap
}
