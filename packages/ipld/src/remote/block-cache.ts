import { type Cid, cidKey } from '../cid/cid.ts'

/** How a cache was used. */
export interface CacheStatistics {
  /** Blocks that were asked for and were here, and that were not. */
  readonly hits: number
  readonly misses: number
  /** Blocks that had to go. */
  readonly evictions: number
  /** Blocks that are here, and their bytes. */
  readonly blocks: number
  readonly bytes: number
}

/** Blocks by CID, up to a number of bytes; the one that was not asked for the longest goes first. */
export class BlockCache {
  /** Bytes of blocks that are kept at most. */
  readonly capacity: number
  /** From the one that was not asked for the longest to the one that was last. */
  readonly #blocks = new Map<string, Uint8Array>()
  #bytes = 0
  #hits = 0
  #misses = 0
  #evictions = 0

  constructor(capacity: number) {
    this.capacity = capacity
  }

  get(cid: Cid): Uint8Array | undefined {
    const key = cidKey(cid)
    const bytes = this.#blocks.get(key)
    if (bytes === undefined) {
      this.#misses++
      return undefined
    }
    this.#hits++
    this.#blocks.delete(key)
    this.#blocks.set(key, bytes)
    return bytes
  }

  /** Whether a block is here. It does not count as asking for it. */
  has(cid: Cid): boolean {
    return this.#blocks.has(cidKey(cid))
  }

  /** Keeps a block, unless it is larger than the whole cache. */
  set(cid: Cid, bytes: Uint8Array): void {
    const key = cidKey(cid)
    this.#remove(key)
    if (bytes.length > this.capacity) return
    this.#blocks.set(key, bytes)
    this.#bytes += bytes.length
    for (const oldest of this.#blocks.keys()) {
      if (this.#bytes <= this.capacity) break
      this.#remove(oldest)
      this.#evictions++
    }
  }

  /** Forgets all blocks. */
  clear(): void {
    this.#blocks.clear()
    this.#bytes = 0
  }

  get statistics(): CacheStatistics {
    return {
      hits: this.#hits,
      misses: this.#misses,
      evictions: this.#evictions,
      blocks: this.#blocks.size,
      bytes: this.#bytes,
    }
  }

  #remove(key: string): void {
    const bytes = this.#blocks.get(key)
    if (bytes === undefined) return
    this.#blocks.delete(key)
    this.#bytes -= bytes.length
  }
}
