/**
 * A map with undo: every write is logged, and {@link HistoryMap.rollback} takes back all writes since a mark. Nested transactions are marks
 * on one log, so that a snapshot costs nothing and only what changed is undone.
 */
export class HistoryMap<K, V> {
  readonly #current = new Map<K, V>()
  readonly #log: { key: K; before: V | undefined; had: boolean }[] = []

  get(key: K): V | undefined {
    return this.#current.get(key)
  }

  has(key: K): boolean {
    return this.#current.has(key)
  }

  set(key: K, value: V): void {
    const before = this.#current.get(key)
    this.#log.push({ key, before, had: before !== undefined || this.#current.has(key) })
    this.#current.set(key, value)
  }

  /** Writes without a log entry: for what is only a cache of something that no rollback changes. */
  cache(key: K, value: V): void {
    this.#current.set(key, value)
  }

  /** The point to which {@link rollback} returns. */
  get mark(): number {
    return this.#log.length
  }

  /** Takes back every write since `mark`. */
  rollback(mark: number): void {
    while (this.#log.length > mark) {
      const { key, before, had } = this.#log.pop() as { key: K; before: V; had: boolean }
      if (had) this.#current.set(key, before)
      else this.#current.delete(key)
    }
  }

  /** Drops the log: what is written so far can no longer be taken back. */
  forget(): void {
    this.#log.length = 0
  }

  entries(): IterableIterator<[K, V]> {
    return this.#current.entries()
  }

  clear(): void {
    this.#current.clear()
    this.#log.length = 0
  }
}
