import type { StampedEvent, TokenAmount } from '@troupe/hypervisor'
import type { Cid } from '@troupe/ipld'

/** The last block, as far as most people care. */
export interface Head {
  readonly epoch: bigint
  /** Seconds since 1970. */
  readonly timestamp: bigint
  /** CID of the block. */
  readonly block: Cid
  /** The state after it, and after what was edited since. */
  readonly root: Cid
  /** The block, or where the state was edited since, that with the edits: what `checkout` takes to come back to just this. */
  readonly position: Cid
  /** attoFIL for one gas, in the next block. */
  readonly baseFee: TokenAmount
}

/** An event of an actor, and where it happened. */
export interface ChainEvent extends StampedEvent {
  /** The message of the block that it comes from, by way of queued ones or not; `undefined` where the system has queued one. */
  readonly message: Cid | undefined
  /** The queued message that emitted it, where one has. */
  readonly queued: Cid | undefined
  readonly block: Cid
  readonly epoch: bigint
}
