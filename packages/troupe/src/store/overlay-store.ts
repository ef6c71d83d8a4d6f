import type { CacheCounts, Cid } from '@troupe/ipld'
import {
  type ChainStore,
  type CollectOptions,
  type CollectReport,
  MemoryStore,
  type Ref,
  type RefRange,
  type StoreBatch,
  type StoreStatistics,
} from '@troupe/ipld/store'

/**
 * A store over another one, of which it changes nothing: what is written stays in memory. Of the store below only what does not change is read through,
 * its blocks and its references by content; the head is this store's own from the beginning.
 */
export class OverlayStore implements ChainStore {
  readonly #base: ChainStore
  readonly #own = new MemoryStore()

  constructor(base: ChainStore) {
    this.#base = base
  }

  get(cid: Cid): Uint8Array | undefined {
    return this.#own.get(cid) ?? this.#base.get(cid)
  }

  /** Those of the store below: what is here is at hand. */
  get cacheCounts(): CacheCounts | undefined {
    return this.#base.cacheCounts
  }

  has(cid: Cid): boolean {
    return this.#own.has(cid) || this.#base.has(cid)
  }

  put(cid: Cid, bytes: Uint8Array): void {
    this.#own.put(cid, bytes)
  }

  putMany(blocks: Iterable<readonly [Cid, Uint8Array]>): void {
    this.#own.putMany(blocks)
  }

  getRef(namespace: string, key: Uint8Array): Uint8Array | undefined {
    return this.#own.getRef(namespace, key) ?? this.#base.getRef(namespace, key)
  }

  listRefs(namespace: string, range?: RefRange): Ref[] {
    return this.#own.listRefs(namespace, range)
  }

  commit(batch?: StoreBatch): void {
    this.#own.commit(batch)
  }

  sync(): void {
    this.#own.sync()
  }

  collectGarbage(roots: Iterable<Cid>, options?: CollectOptions): Promise<CollectReport> {
    return this.#own.collectGarbage(roots, options)
  }

  statistics(): StoreStatistics {
    return this.#own.statistics()
  }

  /** The store below stays open. */
  close(): Promise<void> {
    return this.#own.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
