// Whoever compiles for older libraries gets the one symbol from here.
/// <reference lib="esnext.disposable" preserve="true" />
/**
 * @module What a chain keeps its state in: blocks by CID, and the few names under which it finds them again.
 *
 * Names are *references*: small values under byte keys, in namespaces of the chain's own choice (its head, its pins, indexes by message CID and by
 * transaction hash). A batch changes blocks and references together, so that a head never names a block that is not there.
 */
import type { Blockstore } from '../blockstore/blockstore.ts'
import type { Cid } from '../cid/cid.ts'
import type { CollectOptions, CollectReport } from './collect.ts'

/** A reference: its key, and the value under it. */
export interface Ref {
  readonly key: Uint8Array
  readonly value: Uint8Array
}

/** What a batch does to one reference. */
export interface RefChange {
  /** 1 to 64 characters, of `a` to `z`, `0` to `9` and `-`. */
  readonly namespace: string
  /** At most 256 bytes. */
  readonly key: Uint8Array
  /** The value from now on, of at most 65,536 bytes; `undefined` removes the reference. */
  readonly value: Uint8Array | undefined
}

/** What changes together. */
export interface StoreBatch {
  /** Blocks to keep, each of at most 32 MiB. The caller vouches for their hashes, and must not write to them afterwards. */
  readonly blocks?: Iterable<readonly [Cid, Uint8Array]>
  /** References to set or remove. Of several changes to one reference the last one counts. */
  readonly refs?: Iterable<RefChange>
}

/** Which references of a namespace are listed. */
export interface RefRange {
  /** Only keys that start with these bytes. */
  readonly prefix?: Uint8Array
  /** Only keys beyond this one, in the direction of the listing: where a listing of many pages goes on. */
  readonly after?: Uint8Array
  /** From the last key to the first. Default: `false`. */
  readonly reverse?: boolean
  /** How many at most. Default: all. */
  readonly limit?: number
}

/** How much a store holds. */
export interface StoreStatistics {
  /** Number of blocks. */
  readonly blocks: number
  /** Bytes of all blocks together, without their CIDs and without what the store needs around them. */
  readonly blockBytes: number
  /** Number of references, over all namespaces. */
  readonly refs: number
}

/**
 * Blocks and references, synchronous; what a chain runs on.
 *
 * `put` and `putMany` keep blocks at once for whoever reads through this store; they last, and other readers see them, from the next
 * {@link commit} on, or from {@link close}. So the blocks of a flushed state tree and the head that names it last together or not at all.
 *
 * All methods throw `store/closed` once the store is closed, and all that write throw `store/read-only` where it is only for reading. A store that cannot be
 * read throws `blockstore/unavailable`. A call that throws has changed nothing.
 */
export interface ChainStore extends Blockstore {
  /**
   * The value of a reference, or `undefined` where there is none. It is the caller's own.
   * @throws {IpldError} store/bad-namespace, store/too-large
   */
  getRef(namespace: string, key: Uint8Array): Uint8Array | undefined
  /**
   * The references of a namespace in the order of their keys, byte by byte, a key before those that it starts. It shows one moment.
   * @throws {IpldError} store/bad-namespace, store/too-large
   */
  listRefs(namespace: string, range?: RefRange): Ref[]
  /**
   * Makes a batch, and all blocks that were put since the last one, last: all of it or nothing. A store on disk that syncs each commit
   * returns once it is there; one that does not may lose the last commits in a power cut (see {@link sync}), but none in part.
   * @throws {IpldError} store/bad-namespace, store/too-large; store/full where there is no room, after which the store goes on
   */
  commit(batch?: StoreBatch): void
  /**
   * Changes references at once for whoever reads through this store; they last, and other readers see them, from the next {@link commit} on, or from
   * {@link close}, as blocks that are put. For stores that take long to commit; without it, whoever wants this commits.
   * @throws {IpldError} store/bad-namespace, store/too-large
   */
  putRefs?(refs: Iterable<RefChange>): void
  /** Returns once all that was committed would survive a power cut. */
  sync(): void
  /**
   * As {@link sync}, but lets go of the thread while the disk is waited for: what is committed meanwhile waits for the next call, and can be read at once, as ever. For stores
   * whose disk takes long; without it, whoever wants this syncs. Where it rejects, with what {@link sync} throws, what was committed waits on.
   */
  syncAside?(): Promise<void>
  /**
   * Removes the blocks that `roots` do not reach, in small batches between which others get to work. What they reach is never touched, at whatever
   * moment the process ends; nor is what is put or committed meanwhile, with what that reaches. References stay as they are: whoever calls names as roots
   * all that they need, and all that may become a head again without being put again.
   *
   * Links in blocks are followed as {@link reachableBlocks} does. A root or link whose block is not here is counted, not an error: code of actors and
   * blocks of other chains may be kept elsewhere.
   * @throws {IpldError} blockstore/unscannable where a block's links cannot be found, and nothing that it may reach has been removed; store/busy where it is at
   * work already; the reason of the signal, after which the next run does the rest
   */
  collectGarbage(roots: Iterable<Cid>, options?: CollectOptions): Promise<CollectReport>
  /** How much is here, with what was put but not committed yet. */
  statistics(): StoreStatistics
  /** Makes what was put last, and lets go of the store. Closing again does nothing. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}
