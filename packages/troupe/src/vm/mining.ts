import { TroupeError } from '../errors.ts'

/**
 * When blocks are produced: with every message (`instant`), when asked (`manual`), or all so many milliseconds, as long as the process lives.
 */
export type MiningMode = 'instant' | 'manual' | { readonly intervalMs: number }

const MAX_INTERVAL_MS = 2 ** 31 - 1

/** Produces blocks when it is time. */
export class Mining {
  readonly #mode: MiningMode
  readonly #timer: ReturnType<typeof setInterval> | undefined

  /** @throws {TroupeError} mining/interval */
  constructor(mode: MiningMode, produce: () => void | Promise<void>) {
    this.#mode = mode
    if (typeof mode === 'string') return
    const { intervalMs } = mode
    if (!(intervalMs >= 1 && intervalMs <= MAX_INTERVAL_MS))
      throw new TroupeError(
        'mining/interval',
        `mining: ${intervalMs} milliseconds are not from 1 to ${MAX_INTERVAL_MS}`,
      )
    let isBusy = false
    this.#timer = setInterval(() => {
      if (isBusy) return
      const done = produce()
      if (done === undefined) return
      // A block that takes longer than the interval takes the place of those that it delays.
      isBusy = true
      void done.finally(() => {
        isBusy = false
      })
    }, intervalMs)
  }

  /** Whether every message makes a block. */
  get isInstant(): boolean {
    return this.#mode === 'instant'
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}
