import type { MessagePool } from 'troupe'
import { type Hex, toHex } from '../text/hex.ts'

/** Reads what has arrived since it looked last. */
export interface ArrivalReader {
  /** Hashes, the first one first; `undefined` where it was more than is kept. It goes on from here either way. */
  next(): Hex[] | undefined
  end(): void
}

/** Hashes of messages as they come to a pool: kept once for all who read them, and only as long as anybody does. */
export class Arrivals {
  readonly #pool: Pick<MessagePool, 'onArrival'>
  readonly #limit: number
  /** The last ones, at least as many as the limit says where there were as many. */
  #hashes: Hex[] = []
  /** How many have come so far. */
  #count = 0
  #readers = 0
  #stop: (() => void) | undefined

  /** @param limit how many hashes a reader gets at most */
  constructor(pool: Pick<MessagePool, 'onArrival'>, limit: number) {
    this.#pool = pool
    this.#limit = limit
  }

  /** Begins to read from here on. */
  read(): ArrivalReader {
    this.#readers++
    this.#stop ??= this.#pool.onArrival(({ hash }) => this.#take(toHex(hash)))
    let [seen, isEnded] = [this.#count, false]
    return {
      next: () => {
        const missed = this.#count - seen
        seen = this.#count
        if (missed > this.#limit) return undefined
        return missed === 0 ? [] : this.#hashes.slice(-missed)
      },
      end: () => {
        if (isEnded) return
        isEnded = true
        this.#readers--
        if (this.#readers === 0) this.#rest()
      },
    }
  }

  #take(hash: Hex): void {
    this.#count++
    this.#hashes.push(hash)
    if (this.#hashes.length > 2 * this.#limit) this.#hashes = this.#hashes.slice(-this.#limit)
  }

  #rest(): void {
    this.#stop?.()
    this.#stop = undefined
    this.#hashes = []
  }
}
