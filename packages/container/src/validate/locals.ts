/** Locals whose types are kept one by one; those beyond are looked up by the group that declares them. */
const KEPT = 256

/** The types of a function's locals. Takes as much time and memory as their declarations, not as many locals as they declare. */
export class Locals {
  /** Number of locals, parameters included. */
  count = 0
  readonly #kept = new Uint8Array(KEPT)
  #groups = 0
  /** Number of the last local of each group, plus one, in ascending order. */
  readonly #ends: number[] = []
  readonly #types: number[] = []

  reset(): void {
    this.count = 0
    this.#groups = 0
  }

  /** Declares `count` locals of one type. */
  declare(count: number, type: number): void {
    if (count === 0) return
    if (this.count < KEPT) this.#kept.fill(type, this.count, Math.min(KEPT, this.count + count))
    this.count += count
    this.#ends[this.#groups] = this.count
    this.#types[this.#groups] = type
    this.#groups++
  }

  /** The type of a local, or `undefined` where there is none of that index. */
  type(index: number): number | undefined {
    if (index >= this.count) return undefined
    if (index < KEPT) return this.#kept[index]
    let first = 0
    let last = this.#groups - 1
    while (first < last) {
      const middle = (first + last) >> 1
      if ((this.#ends[middle] as number) > index) last = middle
      else first = middle + 1
    }
    return this.#types[first]
  }
}
