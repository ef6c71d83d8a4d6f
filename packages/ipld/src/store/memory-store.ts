import { MemoryBlockstore } from '../blockstore/memory.ts'
import { type Cid, cidKey } from '../cid/cid.ts'
import { IpldError } from '../errors.ts'
import type { ChainStore, Ref, RefRange, StoreBatch, StoreStatistics } from './chain-store.ts'
import { type CollectOptions, type CollectReport, collect } from './collect.ts'
import { checkBatch, checkRef, checkStoredBlock } from './limits.ts'
import { pause } from './pause.ts'
import { SortedRefs } from './sorted-refs.ts'

/** A chain's store in memory, gone with the process. Keeps the arrays of blocks that it is given, and copies of references. */
export class MemoryStore implements ChainStore {
  readonly #blocks = new MemoryBlockstore()
  readonly #namespaces = new Map<string, SortedRefs>()
  #closed = false
  /** What was put since the collection at work began. */
  #fresh: Cid[] | undefined

  get(cid: Cid): Uint8Array | undefined {
    this.#checkOpen()
    return this.#blocks.get(cid)
  }

  has(cid: Cid): boolean {
    this.#checkOpen()
    return this.#blocks.has(cid)
  }

  /** @throws {IpldError} store/too-large, store/closed */
  put(cid: Cid, bytes: Uint8Array): void {
    this.#checkOpen()
    checkStoredBlock(cid, bytes)
    this.#keep(cid, bytes)
  }

  /** @throws {IpldError} store/too-large, store/closed */
  putMany(blocks: Iterable<readonly [Cid, Uint8Array]>): void {
    this.commit({ blocks })
  }

  /** All blocks, in the order in which they were first put. */
  entries(): IterableIterator<[Cid, Uint8Array]> {
    this.#checkOpen()
    return this.#blocks.entries()
  }

  getRef(namespace: string, key: Uint8Array): Uint8Array | undefined {
    this.#checkOpen()
    checkRef(namespace, key)
    return this.#namespaces.get(namespace)?.get(key)
  }

  listRefs(namespace: string, range: RefRange = {}): Ref[] {
    this.#checkOpen()
    for (const key of [range.prefix, range.after]) checkRef(namespace, key ?? new Uint8Array())
    return this.#namespaces.get(namespace)?.list(range) ?? []
  }

  commit(batch: StoreBatch = {}): void {
    this.#checkOpen()
    const { blocks, refs } = checkBatch(batch)
    for (const [cid, bytes] of blocks) this.#keep(cid, bytes)
    for (const { namespace, key, value } of refs) {
      const entries = this.#namespaces.get(namespace) ?? new SortedRefs()
      this.#namespaces.set(namespace, entries)
      if (value === undefined) entries.delete(key)
      else entries.set(key, value)
    }
  }

  sync(): void {
    this.#checkOpen()
  }

  async collectGarbage(roots: Iterable<Cid>, options?: CollectOptions): Promise<CollectReport> {
    this.#checkOpen()
    if (this.#fresh !== undefined) throw new IpldError('store/busy', 'a collection is at work already')
    this.#fresh = []
    try {
      let entries: IterableIterator<[Cid, Uint8Array]> | undefined
      return await collect<true>(
        {
          blocks: this,
          takeFresh: () => this.#fresh?.splice(0) ?? [],
          sweep: (_, count, isGarbage) => {
            this.#checkOpen()
            entries ??= this.#blocks.entries()
            return this.#sweep(entries, count, isGarbage)
          },
          pause,
        },
        roots,
        options,
      )
    } finally {
      this.#fresh = undefined
    }
  }

  statistics(): StoreStatistics {
    this.#checkOpen()
    let refs = 0
    for (const entries of this.#namespaces.values()) refs += entries.size
    return { blocks: this.#blocks.size, blockBytes: this.#blocks.byteLength, refs }
  }

  async close(): Promise<void> {
    this.#closed = true
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #keep(cid: Cid, bytes: Uint8Array): void {
    this.#blocks.put(cid, bytes)
    this.#fresh?.push(cid)
  }

  /** A map may lose entries while it is walked through, and what was added meanwhile comes last. */
  #sweep(
    entries: IterableIterator<[Cid, Uint8Array]>,
    count: number,
    isGarbage: (key: string) => boolean,
  ): { removed: number; removedBytes: number; next: true | undefined } {
    let removed = 0
    let removedBytes = 0
    for (let i = 0; i < count; i++) {
      const { value, done } = entries.next()
      if (done) return { removed, removedBytes, next: undefined }
      const [cid, bytes] = value
      if (!isGarbage(cidKey(cid))) continue
      this.#blocks.delete(cid)
      removed++
      removedBytes += bytes.length
    }
    return { removed, removedBytes, next: true }
  }

  #checkOpen(): void {
    if (this.#closed) throw new IpldError('store/closed', 'the store is closed')
  }
}
