import type { Message, TraceListener } from '@troupe/hypervisor'
import type { Chain, ProducedBlock } from '../chain/chain.ts'
import { RefusedMessages } from '../chain/refused-messages.ts'
import type { MessagePool } from '../pool/message-pool.ts'
import { blockKey } from './request.ts'
import { type Steps, step } from './steps.ts'

/** What a block is made of. */
export interface BlockParts {
  readonly chain: Chain
  readonly pool: MessagePool
  /** How many epochs later than the last one. */
  readonly epochs: () => bigint
  readonly trace: (message: Message) => TraceListener
  /** Whether there need be no block where no message is left for it. */
  readonly isForMessages: boolean
}

/** Produces a block of what waits in a pool. What has no result as good as it has to be leaves the pool, and the block is made without it. */
export function* produceBlock({
  chain,
  epochs,
  isForMessages,
  pool,
  trace,
}: BlockParts): Steps<ProducedBlock | undefined> {
  for (;;) {
    try {
      return yield* step(
        () => chain.produce(pool.select(), { epochs: epochs(), trace }),
        () => ({ key: blockKey(pool.pending) }),
      )
    } catch (error) {
      if (!(error instanceof RefusedMessages)) throw error
      if (pool.refuse(error.reasons).length === 0) throw error
    }
    const isLeft = yield* step(() => pool.select().length > 0)
    if (isForMessages && !isLeft) return undefined
  }
}
