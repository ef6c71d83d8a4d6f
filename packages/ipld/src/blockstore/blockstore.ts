import type { Cid } from '../cid/cid.ts'
import type { CacheCounts } from './cache-counts.ts'

/**
 * Blocks by CID, synchronous.
 *
 * The contract tells two failures apart, because they mean different things to a machine: a block that is *absent* (the store has
 * looked and does not have it: `get` returns `undefined`; a consensus fact where the store is the whole state) and a block that is
 * *unavailable* (the store cannot answer now: `get` and `has` throw `IpldError` with `blockstore/unavailable`; never a consensus fact).
 *
 * Returned arrays belong to the store and must not be written to.
 */
export interface Blockstore {
  /**
   * The block, or `undefined` where it is absent.
   * @throws {IpldError} blockstore/unavailable
   */
  get(cid: Cid): Uint8Array | undefined
  /**
   * Whether the block is here.
   * @throws {IpldError} blockstore/unavailable
   */
  has(cid: Cid): boolean
  /** Keeps a block. The caller vouches for the hash, and must not write to `bytes` afterwards. */
  put(cid: Cid, bytes: Uint8Array): void
  /** How reads were answered so far, in a store of which some blocks are nearer than others. */
  readonly cacheCounts?: CacheCounts | undefined
  /** Keeps several blocks, children before parents, where the store can do that better than one by one (as one transaction). */
  putMany?(blocks: Iterable<readonly [Cid, Uint8Array]>): void
}

/** A blockstore that can say all that it has. */
export interface EnumerableBlockstore extends Blockstore {
  /** All blocks, each once, in an order of the store's own. */
  entries(): IterableIterator<[Cid, Uint8Array]>
}

/** Keeps several blocks, in the way the store likes best. */
export function putAll(store: Blockstore, blocks: Iterable<readonly [Cid, Uint8Array]>): void {
  if (store.putMany !== undefined) store.putMany(blocks)
  else for (const [cid, bytes] of blocks) store.put(cid, bytes)
}
