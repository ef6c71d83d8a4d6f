/**
 * Who may do how much: a bucket that fills steadily, and from which each call takes one. A bucket is as good as a new one once it is full.
 */
export class TokenBucket {
  readonly #perSecond: number
  readonly #capacity: number
  #tokens: number
  #filledAt: number

  /** @param now milliseconds of a clock that never goes back */
  constructor(perSecond: number, capacity: number, now: number) {
    this.#perSecond = perSecond
    this.#capacity = capacity
    this.#tokens = capacity
    this.#filledAt = now
  }

  /** Takes `count`, all or none. Gives 0 where they were there, and otherwise the milliseconds until they will be; infinite where the bucket is too small. */
  take(count: number, now: number): number {
    const { missing } = this.#fill(count, now)
    if (missing > 0)
      return count > this.#capacity ? Number.POSITIVE_INFINITY : (missing / this.#perSecond) * 1000
    this.#tokens -= count
    return 0
  }

  #fill(count: number, now: number): { readonly missing: number } {
    const grown = ((now - this.#filledAt) / 1000) * this.#perSecond
    this.#tokens = Math.min(this.#capacity, this.#tokens + grown)
    this.#filledAt = now
    return { missing: count - this.#tokens }
  }
}
