import { TroupeError } from '../errors.ts'

/**
 * When blocks are produced: with every message (`instant`), when asked (`manual`), or all so many milliseconds, as long as the process lives.
 */
export type MiningMode = 'instant' | 'manual' | { readonly intervalMs: number }

const MAX_INTERVAL_MS = 2 ** 31 - 1

/** Produces blocks when it is time. */
export class Mining {
  readonly #mode: MiningMode
  readonly #produce: () => void
  readonly #timer: ReturnType<typeof setInterval> | undefined

  /** @throws {TroupeError} mining/interval */
  constructor(mode: MiningMode, produce: () => void) {
    this.#mode = mode
    this.#produce = produce
    if (typeof mode === 'string') return
    const { intervalMs } = mode
    if (!(intervalMs >= 1 && intervalMs <= MAX_INTERVAL_MS))
      throw new TroupeError(
        'mining/interval',
        `mining: ${intervalMs} milliseconds are not from 1 to ${MAX_INTERVAL_MS}`,
      )
    this.#timer = setInterval(produce, intervalMs)
  }

  /** Whether every message makes a block. */
  get isInstant(): boolean {
    return this.#mode === 'instant'
  }

  /** A message waits. */
  messageArrived(): void {
    if (this.#mode === 'instant') this.#produce()
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}
