import type { CryptoProvider } from '@troupe/crypto'
import type { Blockstore as InterfaceBlockstore } from 'interface-blockstore'
import type { Blockstore } from '../blockstore/blockstore.ts'
import type { CacheCounts } from '../blockstore/cache-counts.ts'
import { linksOf } from '../blockstore/reachable.ts'
import { verifyBlock } from '../blockstore/verifying.ts'
import {
  type Cid,
  cidKey,
  DAG_CBOR,
  FIL_COMMITMENT_SEALED,
  FIL_COMMITMENT_UNSEALED,
  IDENTITY,
} from '../cid/cid.ts'
import { IpldError } from '../errors.ts'
import { BlockCache, type CacheStatistics } from './block-cache.ts'
import { fetchBlock } from './fetch-block.ts'

/** A store that answers later, as of IPFS libraries: interface-blockstore 7. */
export type AsyncBlockstore = InterfaceBlockstore

/** How a remote store is used. */
export interface RemoteBlockstoreOptions {
  /** Bytes of blocks that are kept near at hand. Default: 64 MiB. */
  readonly cacheBytes?: number | undefined
  /** Bytes of one block; a longer one is refused as it comes. Default: 32 MiB. */
  readonly maxBlockBytes?: number | undefined
  /** Blocks that are fetched at a time. Default: 32. */
  readonly concurrency?: number | undefined
  /**
   * Whether the remote store is the whole state, so that a block that it does not find is *absent*. Otherwise, which is the default, such a block is only
   * *unavailable*.
   */
  readonly isWhole?: boolean | undefined
}

/** How blocks are fetched. */
export interface FetchOptions {
  readonly signal?: AbortSignal | undefined
  /** Whether to go on without a block that cannot be had. Default: `false`. */
  readonly isHint?: boolean | undefined
  /** Whether a block that the remote store does not find is absent for the run that is at work. Default: as the store was made. */
  readonly isWhole?: boolean | undefined
}

/**
 * An asynchronous store (interface-blockstore 7) as a synchronous one: what is near at hand is answered, and what is not is noted as missing and throws
 * `blockstore/unavailable` with its CID. Whoever drives it fetches what is missing and asks again: {@link withRestart}.
 *
 * Each block is compared with its CID when it is fetched. Blocks that are put stay here until {@link upload} has taken them to the remote store.
 */
export class RemoteBlockstore implements Blockstore {
  readonly #remote: InterfaceBlockstore
  readonly #crypto: CryptoProvider
  readonly #cache: BlockCache
  readonly #maxBlockBytes: number
  readonly #concurrency: number
  readonly #isWhole: boolean
  /** Put, and not yet uploaded. */
  readonly #written = new Map<string, readonly [Cid, Uint8Array]>()
  /** What the run that is at work needs; it must not go away before the run has seen all of it together. */
  #held: Map<string, Uint8Array | undefined> | undefined
  #heldBytes = 0
  #reads = new Map<string, Cid>()
  #missing: Cid | undefined
  /** Fetched for the run that is at work. */
  #fetched = new Set<string>()
  /** What of it the present attempt has asked for. */
  #met = new Set<string>()
  #hits = 0
  #misses = 0

  constructor(remote: InterfaceBlockstore, crypto: CryptoProvider, options: RemoteBlockstoreOptions = {}) {
    const { cacheBytes = 2 ** 26, maxBlockBytes = 2 ** 25, concurrency = 32, isWhole = false } = options
    this.#remote = remote
    this.#crypto = crypto
    this.#cache = new BlockCache(cacheBytes)
    this.#maxBlockBytes = maxBlockBytes
    this.#concurrency = Math.max(1, concurrency)
    this.#isWhole = isWhole
  }

  /** How the blocks near at hand were used. */
  get statistics(): CacheStatistics {
    return this.#cache.statistics
  }

  /**
   * Blocks that were asked for: near at hand, and fetched. Of a run that began several times each attempt is counted for itself, and what was fetched for the run counts as a
   * miss when the attempt asks for it first; so whoever counts what a run does counts what its last attempt does.
   */
  get cacheCounts(): CacheCounts {
    return { hits: this.#hits, misses: this.#misses }
  }

  /** How many blocks were put and are not uploaded. */
  get pending(): number {
    return this.#written.size
  }

  /** @throws {IpldError} blockstore/unavailable, with the CID of the block that is missing here */
  get(cid: Cid): Uint8Array | undefined {
    const key = cidKey(cid)
    if (this.#held !== undefined && !this.#reads.has(key)) this.#reads.set(key, cid)
    const written = this.#written.get(key)
    if (written !== undefined) {
      this.#hits++
      return written[1]
    }
    if (this.#held?.has(key)) {
      this.#count(key)
      return this.#held.get(key)
    }
    const bytes = this.#cache.get(cid)
    if (bytes !== undefined) {
      this.#hits++
      this.#hold(key, bytes)
      return bytes
    }
    this.#missing ??= cid
    throw new IpldError('blockstore/unavailable', `${cid} is not here yet`, { cid })
  }

  /** @throws {IpldError} blockstore/unavailable, with the CID of the block that is missing here */
  has(cid: Cid): boolean {
    return this.get(cid) !== undefined
  }

  put(cid: Cid, bytes: Uint8Array): void {
    this.#written.set(cidKey(cid), [cid, bytes])
  }

  /**
   * Fetches those of `cids` that are not here.
   * @throws {IpldError} blockstore/unavailable where one cannot be had; blockstore/hash-mismatch, blockstore/hash-unsupported, blockstore/too-large; the
   * reason of the signal
   */
  async fetch(cids: Iterable<Cid>, options: FetchOptions = {}): Promise<number> {
    const { signal } = options
    const wanted = [...new Map([...cids].map((cid) => [cidKey(cid), cid]))]
    const queue = wanted.filter(([key, cid]) => !this.#isHere(key, cid)).values()
    let fetched = 0
    const work = async (): Promise<void> => {
      for (const [key, cid] of queue) {
        signal?.throwIfAborted()
        if (await this.#fetchOne(key, cid, options)) fetched++
      }
    }
    await Promise.all(Array.from({ length: this.#concurrency }, work))
    return fetched
  }

  /**
   * Fetches what `roots` reach and is neither here nor in `near`: level by level, which takes as many answers one after the other as the tree is deep. It is for a run that
   * reads all of it, and is held until {@link release}.
   * @param options.near has some of the blocks
   * @param options.maxBytes of blocks that are held
   * @throws {IpldError} as {@link fetch}; blockstore/unscannable; blockstore/too-large
   */
  async fetchReachable(
    roots: Iterable<Cid>,
    options: FetchOptions & { readonly near?: Blockstore | undefined; readonly maxBytes?: number } = {},
  ): Promise<number> {
    const { maxBytes = Number.POSITIVE_INFINITY, near } = options
    const seen = new Set<string>()
    let fetched = 0
    for (let level = [...roots]; level.length > 0; ) {
      const wanted = level.filter((cid) => isBlock(cid) && addTo(seen, cidKey(cid)))
      fetched += await this.fetch(
        wanted.filter((cid) => cid.multihash.code !== IDENTITY && near?.has(cid) !== true),
        options,
      )
      if (this.#heldBytes > maxBytes)
        throw new IpldError('blockstore/too-large', `a run needs more than ${maxBytes} bytes of blocks`)
      level = wanted.flatMap((cid) => {
        if (cid.code !== DAG_CBOR) return []
        const bytes =
          cid.multihash.code === IDENTITY ? cid.multihash.digest : (near?.get(cid) ?? this.#here(cid))
        return bytes === undefined ? [] : linksOf(cid, bytes)
      })
    }
    return fetched
  }

  /**
   * Takes what was put to the remote store, in the order of putting.
   * @returns how many blocks
   */
  async upload({ signal }: Pick<FetchOptions, 'signal'> = {}): Promise<number> {
    const blocks = [...this.#written]
    for (const [key, block] of blocks) {
      signal?.throwIfAborted()
      const [cid, bytes] = block
      await this.#remote.put(cid, bytes)
      this.#cache.set(cid, bytes)
      // It may have been put once more meanwhile.
      if (this.#written.get(key) === block) this.#written.delete(key)
    }
    return blocks.length
  }

  /** Starts to hold what is asked for and fetched, until {@link release}. */
  hold(): void {
    if (this.#held !== undefined)
      throw new IpldError('blockstore/busy', 'a run is at work on this store already')
    this.#held = new Map()
    this.#heldBytes = 0
    this.#reads = new Map()
    this.#fetched = new Set()
  }

  /** Lets go of what was held. */
  release(): void {
    this.#held = undefined
  }

  /** What was asked for since {@link hold}, in the order of first asking. */
  get reads(): Cid[] {
    return [...this.#reads.values()]
  }

  /** Bytes that are held. */
  get heldBytes(): number {
    return this.#heldBytes
  }

  /** The first block that was asked for and missing since the last call. */
  takeMissing(): Cid | undefined {
    const missing = this.#missing
    this.#missing = undefined
    this.#met.clear()
    return missing
  }

  #count(key: string): void {
    if (!this.#fetched.has(key) || this.#met.has(key)) this.#hits++
    else {
      this.#misses++
      this.#met.add(key)
    }
  }

  /** A block that is near at hand. It is held from now on, but does not count as asked for. */
  #here(cid: Cid): Uint8Array | undefined {
    const key = cidKey(cid)
    const bytes = this.#written.get(key)?.[1] ?? this.#held?.get(key) ?? this.#cache.get(cid)
    if (bytes !== undefined) this.#hold(key, bytes)
    return bytes
  }

  #isHere(key: string, cid: Cid): boolean {
    return this.#written.has(key) || this.#held?.has(key) === true || this.#cache.has(cid)
  }

  /** Fetches a block; gives whether the remote store had it. */
  async #fetchOne(
    key: string,
    cid: Cid,
    { isHint = false, isWhole = this.#isWhole, signal }: FetchOptions,
  ): Promise<boolean> {
    let bytes: Uint8Array | undefined
    try {
      bytes = await fetchBlock(this.#remote, cid, this.#maxBlockBytes, signal)
      if (bytes !== undefined) verifyBlock(this.#crypto, cid, bytes)
      else if (!isWhole) throw new IpldError('blockstore/unavailable', `${cid} was not found`, { cid })
    } catch (cause) {
      signal?.throwIfAborted()
      if (isHint) return false
      throw cause
    }
    this.#hold(key, bytes)
    this.#fetched.add(key)
    if (bytes !== undefined) this.#cache.set(cid, bytes)
    return bytes !== undefined
  }

  #hold(key: string, bytes: Uint8Array | undefined): void {
    if (this.#held === undefined || this.#held.has(key)) return
    this.#held.set(key, bytes)
    this.#heldBytes += bytes?.length ?? 0
  }
}

/** Whether a CID can name a block at all: sector commitments do not. */
function isBlock({ code }: Cid): boolean {
  return code !== FIL_COMMITMENT_SEALED && code !== FIL_COMMITMENT_UNSEALED
}

/** Adds a key, and tells whether it was new. */
function addTo(seen: Set<string>, key: string): boolean {
  if (seen.has(key)) return false
  seen.add(key)
  return true
}
