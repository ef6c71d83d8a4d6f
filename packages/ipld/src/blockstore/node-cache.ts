import type { CacheCounts } from './cache-counts.ts'

/**
 * Decoded nodes of content-addressed structures, by structure and CID; bounded, dropping what was not used for long.
 *
 * May be shared between stores, machines and forks of a state: a CID is the hash of its content, so an entry is right wherever its CID occurs.
 * Entries are frozen by convention: whoever changes a node copies it first.
 *
 * Two generations make it cheap: entries used since the last turn, and those used in the turn before. When the first is full, the second is dropped.
 */
export class NodeCache {
  /** Entries kept at most. */
  readonly capacity: number
  private young = new Map<string, object>()
  private old = new Map<string, object>()
  private hits = 0
  private misses = 0

  /** @param capacity entries to keep, at least 2 */
  constructor(capacity = 8192) {
    this.capacity = Math.max(2, capacity)
  }

  /** How many nodes are kept now; one that is in both generations counts twice. */
  get size(): number {
    return this.young.size + this.old.size
  }

  /** How often a node was here, and how often not. */
  get counts(): CacheCounts {
    return { hits: this.hits, misses: this.misses }
  }

  /** The node kept under `key`. */
  get(key: string): object | undefined {
    const young = this.young.get(key)
    if (young !== undefined) {
      this.hits++
      return young
    }
    const old = this.old.get(key)
    if (old === undefined) this.misses++
    else {
      this.hits++
      this.set(key, old)
    }
    return old
  }

  /** Keeps `node` under `key`. */
  set(key: string, node: object): void {
    if (this.young.size >= this.capacity >> 1 && !this.young.has(key)) {
      this.old = this.young
      this.young = new Map()
    }
    this.young.set(key, node)
  }

  /** Forgets everything. */
  clear(): void {
    this.young = new Map()
    this.old = new Map()
  }
}
