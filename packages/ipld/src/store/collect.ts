/** @module Mark and sweep over the blocks of a store: what is the same for stores of every kind. */
import type { Blockstore } from '../blockstore/blockstore.ts'
import { reachableBlocks } from '../blockstore/reachable.ts'
import { type Cid, cidKey } from '../cid/cid.ts'

/** How far a collection has come. */
export interface CollectProgress {
  /** `mark`: finding what the roots reach; `sweep`: going through all blocks. */
  readonly phase: 'mark' | 'sweep'
  /** Blocks that the roots reach, so far while marking. */
  readonly reached: number
  /** Blocks that were removed so far. */
  readonly removed: number
}

/** How to collect. */
export interface CollectOptions {
  /** Stops it between two batches. */
  readonly signal?: AbortSignal | undefined
  /** Called after each batch. What it throws ends the collection. */
  readonly onProgress?: ((progress: CollectProgress) => void) | undefined
  /** Blocks to look at in one batch, at least 1. Default: 2,000. */
  readonly batchSize?: number | undefined
}

/** What a collection did. */
export interface CollectReport {
  /** Blocks that the roots reach and that are here. */
  readonly reached: number
  /** Blocks that the roots reach and that are not here. */
  readonly absent: number
  /** Blocks that were removed, and their bytes. */
  readonly removed: number
  readonly removedBytes: number
}

/** What one batch of a sweep did. `next` is where the following one starts, and `undefined` after the last. */
export interface SweptBatch<Position> {
  readonly removed: number
  readonly removedBytes: number
  readonly next: Position | undefined
}

/** What a store gives to be collected. */
export interface Sweep<Position> {
  readonly blocks: Blockstore
  /** Whether a block was put since the collection began. */
  isFresh(key: string): boolean
  /** Looks at up to `count` blocks from `from` on, in an order of its own, and removes those that `isGarbage`, all together. */
  sweep(from: Position | undefined, count: number, isGarbage: (key: string) => boolean): SweptBatch<Position>
  /** Lets others work. */
  pause(): Promise<void>
}

const BATCH_SIZE = 2000

/**
 * Marks what `roots` reach, and sweeps the rest.
 * @throws {IpldError} blockstore/unscannable; the reason of the signal
 */
export async function collect<Position>(
  store: Sweep<Position>,
  roots: Iterable<Cid>,
  { signal, onProgress, batchSize = BATCH_SIZE }: CollectOptions = {},
): Promise<CollectReport> {
  const count = Math.max(1, Math.floor(batchSize))
  const live = new Set<string>()
  let absent = 0
  let removed = 0
  let removedBytes = 0
  const pause = async (phase: CollectProgress['phase']): Promise<void> => {
    onProgress?.({ phase, reached: live.size, removed })
    await store.pause()
    signal?.throwIfAborted()
  }
  signal?.throwIfAborted()
  let waiting = count
  for (const [cid, bytes] of reachableBlocks(store.blocks, roots)) {
    if (bytes === undefined) absent++
    else live.add(cidKey(cid))
    if (--waiting > 0) continue
    waiting = count
    await pause('mark')
  }
  await pause('mark')
  const isGarbage = (key: string): boolean => !live.has(key) && !store.isFresh(key)
  let from: Position | undefined
  do {
    const swept = store.sweep(from, count, isGarbage)
    removed += swept.removed
    removedBytes += swept.removedBytes
    from = swept.next
    await pause('sweep')
  } while (from !== undefined)
  return { reached: live.size, absent, removed, removedBytes }
}
