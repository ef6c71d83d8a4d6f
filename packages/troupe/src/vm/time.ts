import { TroupeError } from '../errors.ts'
import type { Head } from './head.ts'

/** What {@link Time} moves. */
export interface TimeParts {
  readonly head: () => Pick<Head, 'epoch' | 'timestamp'>
  readonly epochSeconds: bigint
  readonly advance: (epochs: bigint) => Promise<Head>
}

/** Most epochs that are passed over at once: a year. Cron runs at each. */
export const MAX_EPOCHS: bigint = 2880n * 366n

/** How far to go. */
export type Distance = { readonly epochs: bigint | number } | { readonly seconds: bigint | number }

/**
 * The time of a chain. There is one: epoch, timestamp, randomness and cron move together, by a block at the new epoch and none between.
 */
export class Time {
  readonly #parts: TimeParts

  constructor(parts: TimeParts) {
    this.#parts = parts
  }

  /** The epoch of the last block. */
  get epoch(): bigint {
    return this.#parts.head().epoch
  }

  /** Seconds since 1970, at the last block. */
  get timestamp(): bigint {
    return this.#parts.head().timestamp
  }

  /**
   * Goes forward, and gives the block there. Seconds are rounded up to whole epochs.
   * @throws {TroupeError} chain/epochs for less than one epoch, or more than {@link MAX_EPOCHS}
   */
  advance(distance: Distance): Promise<Head> {
    if (typeof distance !== 'object' || distance === null || !('epochs' in distance || 'seconds' in distance))
      throw new TroupeError('chain/epochs', 'a distance is so many epochs, or so many seconds')
    return this.#go(
      'epochs' in distance ? wholeNumber(distance.epochs) : this.#epochsIn(wholeNumber(distance.seconds)),
    )
  }

  /** Goes to an epoch that has not been. @throws {TroupeError} chain/epochs */
  goTo(epoch: bigint): Promise<Head> {
    if (typeof epoch !== 'bigint')
      throw new TroupeError('chain/epochs', `epoch: this is no bigint (${typeof epoch})`)
    return this.#go(epoch - this.epoch)
  }

  #epochsIn(seconds: bigint): bigint {
    const { epochSeconds } = this.#parts
    return (seconds + epochSeconds - 1n) / epochSeconds
  }

  async #go(epochs: bigint): Promise<Head> {
    checkEpochs(epochs)
    return this.#parts.advance(epochs)
  }
}

/** Tests how far time is to go at once. @throws {TroupeError} chain/epochs */
export function checkEpochs(epochs: bigint): void {
  if (typeof epochs !== 'bigint')
    throw new TroupeError('chain/epochs', `epochs: this is no bigint (${typeof epochs})`)
  if (epochs < 1n || epochs > MAX_EPOCHS)
    throw new TroupeError('chain/epochs', `time goes forward by 1 to ${MAX_EPOCHS} epochs, not by ${epochs}`)
}

function wholeNumber(value: bigint | number): bigint {
  if (typeof value !== 'bigint' && !Number.isSafeInteger(value))
    throw new TroupeError('chain/epochs', `${value} is no whole number`)
  return BigInt(value)
}
