import { TroupeError } from '../errors.ts'

/** What a reader of a feed takes. */
interface Reader<T> {
  queue: T[]
  /** Whether it was too far behind, and items are lost. */
  isLost: boolean
  wake: () => void
}

/** Items that a reader may be behind by, before it is told that it missed some. */
const MAX_BEHIND = 100_000

/** Hands what happens to everyone who reads, each at its own pace, from the moment of asking on. */
export class EventFeed<T> {
  readonly #readers = new Set<Reader<T>>()
  #isClosed = false

  /** Hands on one item. */
  push(item: T): void {
    for (const reader of this.#readers) {
      if (reader.queue.length === MAX_BEHIND) {
        reader.isLost = true
        reader.queue = []
        this.#readers.delete(reader)
      } else reader.queue.push(item)
      reader.wake()
    }
  }

  /** Ends all readers once they have read what there is. */
  close(): void {
    this.#isClosed = true
    for (const reader of this.#readers) reader.wake()
  }

  /**
   * Reads until the signal, or the end of the feed.
   * @throws {TroupeError} feed/too-slow where the reader is too far behind
   */
  read(signal?: AbortSignal): AsyncIterableIterator<T> {
    const reader: Reader<T> = { queue: [], isLost: false, wake: () => {} }
    // Not with the first `next`: what happens until then belongs to the reader too.
    this.#readers.add(reader)
    return this.#items(reader, signal)
  }

  async *#items(reader: Reader<T>, signal: AbortSignal | undefined): AsyncGenerator<T> {
    const onAbort = (): void => reader.wake()
    signal?.addEventListener('abort', onAbort)
    try {
      while (signal?.aborted !== true) {
        if (reader.isLost)
          throw new TroupeError('feed/too-slow', `more than ${MAX_BEHIND} items were not read in time`)
        const item = reader.queue.shift()
        if (item !== undefined) yield item
        else if (this.#isClosed) return
        else
          await new Promise<void>((resolve) => {
            reader.wake = resolve
          })
      }
    } finally {
      signal?.removeEventListener('abort', onAbort)
      this.#readers.delete(reader)
    }
  }
}
