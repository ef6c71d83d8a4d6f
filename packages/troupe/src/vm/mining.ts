import { TroupeError } from '../errors.ts'

/**
 * When blocks are produced: with every message (`instant`), when asked (`manual`), or all so many milliseconds, as long as the process lives.
 */
export type MiningMode = 'instant' | 'manual' | { readonly intervalMs: number }

const MAX_INTERVAL_MS = 2 ** 31 - 1

/** Produces blocks when it is time. */
export class Mining {
  #mode: MiningMode
  readonly #produce: () => void | Promise<void>
  #timer: ReturnType<typeof setInterval> | undefined

  /** @throws {TroupeError} mining/interval */
  constructor(mode: MiningMode, produce: () => void | Promise<void>) {
    this.#produce = produce
    this.#mode = mode
    this.mode = mode
  }

  get mode(): MiningMode {
    return this.#mode
  }

  /** Goes on in another mode. @throws {TroupeError} mining/interval */
  set mode(mode: MiningMode) {
    if (mode !== 'instant' && mode !== 'manual' && typeof mode?.intervalMs !== 'number')
      throw new TroupeError('mining/interval', 'mining: this is neither instant nor manual, and no interval')
    const intervalMs = typeof mode === 'string' ? undefined : mode.intervalMs
    if (intervalMs !== undefined && !(intervalMs >= 1 && intervalMs <= MAX_INTERVAL_MS))
      throw new TroupeError(
        'mining/interval',
        `mining: ${intervalMs} milliseconds are not from 1 to ${MAX_INTERVAL_MS}`,
      )
    this.stop()
    this.#mode = mode
    if (intervalMs !== undefined) this.#timer = this.#every(intervalMs)
  }

  /** Whether every message makes a block. */
  get isInstant(): boolean {
    return this.#mode === 'instant'
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #every(intervalMs: number): ReturnType<typeof setInterval> {
    let isBusy = false
    return setInterval(() => {
      if (isBusy) return
      const done = this.#produce()
      if (done === undefined) return
      // A block that takes longer than the interval takes the place of those that it delays.
      isBusy = true
      void done.finally(() => {
        isBusy = false
      })
    }, intervalMs)
  }
}
