import type { Cid } from '../cid/cid.ts'

/** What an access pattern may hold at most. */
export interface AccessPatternLimits {
  /** Patterns that are remembered. Default: 256. */
  readonly maxPatterns?: number | undefined
  /** CIDs in one of them. Default: 4,096. */
  readonly maxCids?: number | undefined
}

/**
 * Which blocks runs asked for, by a key that their caller chooses: what two runs with one key ask for should be much the same. The pattern that was not used for
 * the longest goes first.
 */
export class AccessPatterns {
  readonly #maxPatterns: number
  readonly #maxCids: number
  readonly #patterns = new Map<string, readonly Cid[]>()

  constructor({ maxPatterns = 256, maxCids = 4096 }: AccessPatternLimits = {}) {
    this.#maxPatterns = maxPatterns
    this.#maxCids = maxCids
  }

  /** How many patterns are remembered. */
  get size(): number {
    return this.#patterns.size
  }

  /** What the last run with this key asked for, in the order of first asking. */
  recall(key: string): readonly Cid[] {
    const pattern = this.#patterns.get(key)
    if (pattern === undefined) return []
    this.#patterns.delete(key)
    this.#patterns.set(key, pattern)
    return pattern
  }

  /** Remembers what a run with this key asked for; of more than there may be, the first. */
  remember(key: string, cids: Iterable<Cid>): void {
    this.#patterns.delete(key)
    this.#patterns.set(key, [...cids].slice(0, this.#maxCids))
    for (const oldest of this.#patterns.keys()) {
      if (this.#patterns.size <= this.#maxPatterns) break
      this.#patterns.delete(oldest)
    }
  }
}
