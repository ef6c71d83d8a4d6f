import type { CacheCounts } from '../blockstore/cache-counts.ts'
import { type Cid, cidKey } from '../cid/cid.ts'
import type {
  ChainStore,
  Ref,
  RefChange,
  RefRange,
  StoreBatch,
  StoreStatistics,
} from '../store/chain-store.ts'
import type { CollectOptions, CollectReport } from '../store/collect.ts'
import type { FetchOptions, RemoteBlockstore } from './remote-blockstore.ts'

/**
 * The store of a chain whose blocks are elsewhere, behind an asynchronous store: what is not in the local store is read from there. All that is written, and all references, are
 * the local store's, so that a commit is as whole as its own.
 *
 * What the remote store has to be asked for throws `blockstore/unavailable` with its CID: whoever drives it fetches the block and begins again ({@link withRestart}).
 */
export class RemoteChainStore implements ChainStore {
  readonly remote: RemoteBlockstore
  readonly local: ChainStore
  /** Put, and not uploaded since. */
  readonly #fresh = new Map<string, Cid>()
  /** Reads that the local store has answered. */
  #localHits = 0

  constructor(remote: RemoteBlockstore, local: ChainStore) {
    this.remote = remote
    this.local = local
  }

  /** @throws {IpldError} blockstore/unavailable, with the CID of the block that is missing here */
  get(cid: Cid): Uint8Array | undefined {
    const bytes = this.local.get(cid)
    if (bytes === undefined) return this.remote.get(cid)
    this.#localHits++
    return bytes
  }

  get cacheCounts(): CacheCounts {
    const { hits, misses } = this.remote.cacheCounts
    return { hits: hits + this.#localHits, misses }
  }

  /** @throws {IpldError} blockstore/unavailable, with the CID of the block that is missing here */
  has(cid: Cid): boolean {
    return this.local.has(cid) || this.remote.has(cid)
  }

  put(cid: Cid, bytes: Uint8Array): void {
    this.local.put(cid, bytes)
    this.#fresh.set(cidKey(cid), cid)
  }

  putMany(blocks: Iterable<readonly [Cid, Uint8Array]>): void {
    for (const [cid, bytes] of blocks) this.put(cid, bytes)
  }

  putRefs(refs: Iterable<RefChange>): void {
    if (this.local.putRefs === undefined) this.local.commit({ refs })
    else this.local.putRefs(refs)
  }

  getRef(namespace: string, key: Uint8Array): Uint8Array | undefined {
    return this.local.getRef(namespace, key)
  }

  listRefs(namespace: string, range?: RefRange): Ref[] {
    return this.local.listRefs(namespace, range)
  }

  commit({ blocks = [], refs = [] }: StoreBatch = {}): void {
    const batch = [...blocks]
    this.local.commit({ blocks: batch, refs })
    for (const [cid] of batch) this.#fresh.set(cidKey(cid), cid)
  }

  /**
   * Takes the blocks that were put through this store since the last time to the remote store, in the order of putting. References stay here.
   * @returns how many blocks
   */
  async upload(options: Pick<FetchOptions, 'signal'> = {}): Promise<number> {
    for (const [key, cid] of this.#fresh) {
      const bytes = this.local.get(cid)
      // What was collected meanwhile is nobody's need.
      if (bytes !== undefined) this.remote.put(cid, bytes.slice())
      this.#fresh.delete(key)
    }
    return this.remote.upload(options)
  }

  sync(): void {
    this.local.sync()
  }

  /** Removes blocks of the local store only. */
  collectGarbage(roots: Iterable<Cid>, options?: CollectOptions): Promise<CollectReport> {
    return this.local.collectGarbage(roots, options)
  }

  /** How much is in the local store. */
  statistics(): StoreStatistics {
    return this.local.statistics()
  }

  /** The remote store is its owner's, and stays open. */
  close(): Promise<void> {
    return this.local.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
