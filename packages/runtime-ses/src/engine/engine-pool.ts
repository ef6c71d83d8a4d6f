import type { JsEngine } from './js-engine.ts'

/** Most engines that wait, unless told otherwise: as many as calls are usually nested. Each takes 8 GiB of address space, and what its memory has. */
const DEFAULT_MAXIMUM_IDLE = 16
/** Most bytes of the memories that wait. */
const MAXIMUM_IDLE_BYTES = 128 * 1024 * 1024

/**
 * Engines that nobody runs at the moment. Making one takes some milliseconds, most of it for the host's memory to come into being; giving it another content a tenth of
 * one. A memory cannot shrink: an engine can become any image whose memory is not smaller.
 */
export class EnginePool {
  readonly #maximum: number
  readonly #idle: JsEngine[] = []
  #bytes = 0

  /** @param maximum most engines that wait */
  constructor(maximum: number = DEFAULT_MAXIMUM_IDLE) {
    this.#maximum = maximum
  }

  /** How many wait. */
  get size(): number {
    return this.#idle.length
  }

  /** Hands out an engine whose memory is no larger than `length` bytes: the largest, of those the one that came last. */
  take(length: number): JsEngine | undefined {
    let best = -1
    for (const [i, engine] of this.#idle.entries()) {
      const size = engine.instance.memory.byteLength
      if (size <= length && (best < 0 || size >= this.#sizeOf(best))) best = i
    }
    if (best < 0) return undefined
    this.#bytes -= this.#sizeOf(best)
    return this.#idle.splice(best, 1)[0]
  }

  /** Takes an engine back; the one that has waited longest goes where there are too many. */
  give(engine: JsEngine): void {
    this.#idle.push(engine)
    this.#bytes += engine.instance.memory.byteLength
    while (this.#idle.length > this.#maximum || this.#bytes > MAXIMUM_IDLE_BYTES) {
      this.#bytes -= this.#sizeOf(0)
      this.#idle.shift()
    }
  }

  /** Lets go of all that wait. */
  clear(): void {
    this.#idle.length = 0
    this.#bytes = 0
  }

  #sizeOf(index: number): number {
    return this.#idle[index]?.instance.memory.byteLength ?? 0
  }
}
