/** What is kept of one message besides the state, and is taken back with its failing calls. */
export interface Journal {
  /** The point to which {@link rollback} returns. 0 when it is made. */
  readonly mark: number
  rollback(mark: number): void
}

const NO_MARKS: readonly number[] = []

/** What runtimes keep of one message. */
export class Journals {
  readonly #owners = new Map<object, Journal>()

  /** The journal of an owner, made where there is none yet. */
  of<T extends Journal>(owner: object, create: () => T): T {
    const known = this.#owners.get(owner) as T | undefined
    if (known !== undefined) return known
    const made = create()
    this.#owners.set(owner, made)
    return made
  }

  /** The points to which {@link rollback} returns. */
  get marks(): readonly number[] {
    return this.#owners.size === 0 ? NO_MARKS : Array.from(this.#owners.values(), ({ mark }) => mark)
  }

  /** Returns to marks; what was made since, to its beginning. */
  rollback(marks: readonly number[]): void {
    let index = 0
    for (const journal of this.#owners.values()) journal.rollback(marks[index++] ?? 0)
  }
}
