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

/** Times that a block is tried with all that waits. */
const WHOLE_TRIES = 4

/**
 * Produces a block of what waits in a pool. What has no result as good as it has to be leaves the pool, and the block is made without it.
 *
 * What messages leave to the end of a block is refused for what the others do. So that nobody can have all of a block executed again for each of them, after a few tries half of them wait for the
 * next block, and half of the rest after each further one.
 */
export function* produceBlock({
  chain,
  epochs,
  isForMessages,
  pool,
  trace,
}: BlockParts): Steps<ProducedBlock | undefined> {
  let most = Number.POSITIVE_INFINITY
  for (let tries = 1; ; tries++) {
    let count = 0
    try {
      return yield* step(
        () => {
          const messages = pool.select().slice(0, most)
          count = messages.length
          return chain.produce(messages, { epochs: epochs(), trace })
        },
        () => ({ key: blockKey(pool.pending) }),
      )
    } catch (error) {
      if (!(error instanceof RefusedMessages)) throw error
      if (pool.refuse(error.reasons).length === 0) throw error
    }
    if (tries >= WHOLE_TRIES) most = Math.ceil(count / 2)
    const isLeft = yield* step(() => pool.select().length > 0)
    if (isForMessages && !isLeft) return undefined
  }
}
