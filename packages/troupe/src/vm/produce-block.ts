import type { Message, TraceListener } from '@troupe/hypervisor'
import type { Chain, ProducedBlock } from '../chain/chain.ts'
import { RefusedMessages } from '../chain/refused-messages.ts'
import type { MessagePool, PendingMessage } from '../pool/message-pool.ts'
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
 * What is refused costs nobody anything, and what messages leave to the end of a block is refused for what others do. So that nobody can have blocks executed again and again, after a few tries
 * nothing takes the place of what was refused any more, and half of the rest waits for the next block; after each further one half of what is left.
 */
export function* produceBlock({
  chain,
  epochs,
  isForMessages,
  pool,
  trace,
}: BlockParts): Steps<ProducedBlock | undefined> {
  let candidates: ReadonlySet<PendingMessage> | undefined
  let most = Number.POSITIVE_INFINITY
  const select = (): PendingMessage[] =>
    pool
      .select()
      .filter((pending) => candidates?.has(pending) ?? true)
      .slice(0, most)
  for (let tries = 1; ; tries++) {
    let selected: readonly PendingMessage[] = []
    try {
      return yield* step(
        () => {
          selected = select()
          return chain.produce(selected, { epochs: epochs(), trace })
        },
        () => ({ key: blockKey(pool.pending) }),
      )
    } catch (error) {
      if (!(error instanceof RefusedMessages)) throw error
      if (pool.refuse(error.reasons).length === 0) throw error
    }
    if (tries >= WHOLE_TRIES) {
      candidates ??= new Set(selected)
      most = Math.ceil(selected.length / 2)
    }
    const isLeft = yield* step(() => select().length > 0)
    if (isForMessages && !isLeft) return undefined
  }
}
