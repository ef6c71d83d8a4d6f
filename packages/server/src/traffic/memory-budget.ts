/** Bytes that all clients share: whoever cannot be given what it needs is turned away. */
export class MemoryBudget {
  readonly #capacity: number
  #used = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get used(): number {
    return this.#used
  }

  /** Takes bytes, all or none. */
  take(bytes: number): boolean {
    if (this.#used + bytes > this.#capacity) return false
    this.#used += bytes
    return true
  }

  /** Gives back what was taken. */
  give(bytes: number): void {
    this.#used -= bytes
  }
}
