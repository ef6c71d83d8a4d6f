import type { Blockstore } from '../blockstore/blockstore.ts'
import type { Cid } from '../cid/cid.ts'
import { IpldError } from '../errors.ts'
import type { AccessPatterns } from './access-patterns.ts'
import type { RemoteBlockstore } from './remote-blockstore.ts'

/** How a function is run on a store that may lack blocks. */
export interface RestartOptions {
  readonly signal?: AbortSignal | undefined
  /** How often the function is started again at most. Default: 10,000. */
  readonly maxRestarts?: number | undefined
  /** Bytes of all blocks together that a run may need. Default: 256 MiB. */
  readonly maxHeldBytes?: number | undefined
  /** Remembers what the run asks for, and fetches first what the last run with the same key asked for. */
  readonly prefetch?: { readonly patterns: AccessPatterns; readonly key: string } | undefined
  /** What the run is going to read all of: fetched first, level by level. `near` has some of the blocks. */
  readonly reachable?: { readonly roots: readonly Cid[]; readonly near?: Blockstore } | undefined
  /** Whether a block that the remote store does not find is absent for this run. Default: as the store was made. */
  readonly isWhole?: boolean | undefined
}

/** What a run came to. */
export interface RestartResult<T> {
  /** What the function returned. */
  readonly value: T
  /** How often it was started again. */
  readonly restarts: number
  /** Blocks that were fetched because the function asked for them, and ahead of it. */
  readonly fetched: number
  readonly prefetched: number
}

/**
 * Runs a synchronous function on a store that may lack blocks: where it asks for one that is not here, the block is fetched and the function runs again, from the start.
 * So it must have no effect but on what it makes itself, until it returns. One function runs at a time on a store.
 *
 * Whatever the function does once a block was missing counts for nothing, even where it caught the error and returned.
 * @throws {IpldError} blockstore/unavailable where a block cannot be had, or was missing too often; blockstore/too-large where the run needs too much;
 * blockstore/busy; what else {@link RemoteBlockstore.fetch} throws; what the function throws where no block was missing; the reason of the signal
 */
export async function withRestart<T>(
  store: RemoteBlockstore,
  run: () => T,
  options: RestartOptions = {},
): Promise<RestartResult<T>> {
  const { isWhole, signal, maxRestarts = 10_000, maxHeldBytes = 2 ** 28, prefetch, reachable } = options
  let fetched = 0
  let prefetched = 0
  store.hold()
  try {
    signal?.throwIfAborted()
    if (prefetch !== undefined)
      prefetched = await store.fetch(prefetch.patterns.recall(prefetch.key), { signal, isHint: true })
    if (reachable !== undefined)
      prefetched += await store.fetchReachable(reachable.roots, {
        ...{ signal, isWhole, near: reachable.near, maxBytes: maxHeldBytes },
      })
    for (let restarts = 0; ; restarts++) {
      store.takeMissing()
      const outcome = attempt(run)
      const missing = store.takeMissing()
      if (missing === undefined) {
        prefetch?.patterns.remember(prefetch.key, store.reads)
        if ('error' in outcome) throw outcome.error
        return { value: outcome.value, restarts, fetched, prefetched }
      }
      if (restarts >= maxRestarts)
        throw new IpldError('blockstore/unavailable', `${restarts} blocks were missing, and now ${missing}`, {
          cid: missing,
        })
      fetched += await store.fetch([missing], { signal, isWhole })
      signal?.throwIfAborted()
      if (store.heldBytes > maxHeldBytes)
        throw new IpldError('blockstore/too-large', `a run needs more than ${maxHeldBytes} bytes of blocks`)
    }
  } finally {
    store.release()
  }
}

function attempt<T>(run: () => T): { readonly value: T } | { readonly error: unknown } {
  try {
    return { value: run() }
  } catch (error) {
    return { error }
  }
}
