/**
 * Things to be said, which wait until all that they are about is settled: once for as many as come in one turn of the event loop. So what they are about may be written to
 * disk together, and nobody hears of it before.
 */
export class Outbox<T> {
  readonly #send: (item: T) => void
  readonly #settle: () => void
  readonly #fail: (item: T, error: unknown) => void
  #waiting: T[] = []

  /**
   * @param settle called before anything is sent
   * @param fail called with each item in place of `send`, where `settle` throws
   */
  constructor(send: (item: T) => void, settle: () => void, fail: (item: T, error: unknown) => void) {
    this.#send = send
    this.#settle = settle
    this.#fail = fail
  }

  /** Sends something when this turn is over. */
  push(item: T): void {
    if (this.#waiting.length === 0) setImmediate(() => this.#flush())
    this.#waiting.push(item)
  }

  #flush(): void {
    const waiting = this.#waiting
    this.#waiting = []
    try {
      this.#settle()
    } catch (error) {
      for (const item of waiting) this.#fail(item, error)
      return
    }
    for (const item of waiting) this.#send(item)
  }
}
