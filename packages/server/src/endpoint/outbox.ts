/**
 * Things to be said, which wait until all that they are about is settled: once for as many as come in one turn of the event loop, or while what came before is being
 * settled. So what they are about may be written to disk together, and nobody hears of it before.
 */
export class Outbox<T> {
  readonly #send: (items: readonly T[]) => void
  readonly #settle: (() => void) | (() => Promise<void>)
  readonly #fail: (item: T, error: unknown) => T | undefined
  #waiting: T[] = []
  #isSettling = false

  /**
   * @param send called with all that can be said now, in the order in which it came
   * @param settle called before anything is sent
   * @param fail called with each item where `settle` fails: what is said in its place, if anything
   */
  constructor(
    send: (items: readonly T[]) => void,
    settle: (() => void) | (() => Promise<void>),
    fail: (item: T, error: unknown) => T | undefined,
  ) {
    this.#send = send
    this.#settle = settle
    this.#fail = fail
  }

  /** Sends something once this turn is over, and all is settled. */
  push(item: T): void {
    if (this.#waiting.length === 0 && !this.#isSettling) this.#flushSoon()
    this.#waiting.push(item)
  }

  #flushSoon(): void {
    setImmediate(() => void this.#flush())
  }

  async #flush(): Promise<void> {
    const waiting = this.#waiting
    this.#waiting = []
    this.#isSettling = true
    const sent = await this.#settled(waiting)
    this.#isSettling = false
    if (sent.length > 0) this.#send(sent)
    if (this.#waiting.length > 0) this.#flushSoon()
  }

  async #settled(items: readonly T[]): Promise<readonly T[]> {
    try {
      await this.#settle()
      return items
    } catch (error) {
      return items.map((item) => this.#fail(item, error)).filter((item) => item !== undefined)
    }
  }
}
