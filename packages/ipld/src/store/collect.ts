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
  /** Blocks that are here and that the roots reach, or what was put meanwhile. */
  readonly reached: number
  /** Blocks that they reach and that are not here. */
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
  /** What was put since the last call, or since the collection began. */
  takeFresh(): Iterable<Cid>
  /** Looks at up to `count` blocks from `from` on, in an order of its own, and removes those that `isGarbage`, all together. */
  sweep(from: Position | undefined, count: number, isGarbage: (key: string) => boolean): SweptBatch<Position>
  /** Lets others work. */
  pause(): Promise<void>
}

const BATCH_SIZE = 2000

/**
 * Marks what `roots` reach, and sweeps the rest. What was put meanwhile is marked before each batch of the sweep, with all that it reaches: a new block may lead
 * to one that nothing else led to.
 * @throws {IpldError} blockstore/unscannable; the reason of the signal
 */
export async function collect<Position>(
  store: Sweep<Position>,
  roots: Iterable<Cid>,
  { signal, onProgress, batchSize = BATCH_SIZE }: CollectOptions = {},
): Promise<CollectReport> {
  const count = Math.max(1, Math.floor(batchSize))
  const seen = new Set<string>()
  const absent = new Set<string>()
  let reached = 0
  let removed = 0
  let removedBytes = 0
  const mark = (cid: Cid, bytes: Uint8Array | undefined): void => {
    if (bytes === undefined) absent.add(cidKey(cid))
    else reached++
  }
  const pause = async (phase: CollectProgress['phase']): Promise<void> => {
    onProgress?.({ phase, reached, removed })
    await store.pause()
    signal?.throwIfAborted()
  }
  signal?.throwIfAborted()
  let waiting = count
  for (const block of reachableBlocks(store.blocks, roots, seen)) {
    mark(...block)
    if (--waiting > 0) continue
    waiting = count
    await pause('mark')
  }
  await pause('mark')
  let from: Position | undefined
  do {
    const fresh = [...store.takeFresh()]
    // What was absent and has come leads on from here.
    for (const cid of fresh) if (absent.delete(cidKey(cid))) seen.delete(cidKey(cid))
    for (const block of reachableBlocks(store.blocks, fresh, seen)) mark(...block)
    const swept = store.sweep(from, count, (key) => !seen.has(key))
    removed += swept.removed
    removedBytes += swept.removedBytes
    from = swept.next
    await pause('sweep')
  } while (from !== undefined)
  return { reached, absent: absent.size, removed, removedBytes }
}
