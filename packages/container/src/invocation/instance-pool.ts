import type { Invocation } from './invocation.ts'

/** Most instances that wait, unless told otherwise. Each takes 8 GiB of address space, of which a process has some 128 TiB. */
const DEFAULT_MAXIMUM_IDLE = 64
/** Most bytes of the memories that wait. */
const MAXIMUM_IDLE_BYTES = 2 ** 25

/**
 * Instances that nobody calls at the moment, to be made as good as new and called again, of all modules of a container.
 *
 * A new instance takes 60 to 120 µs and leaves a memory to the collector, which for that comes by every 25 instances; a small actor's call takes 20. The
 * instance that came last is handed out first, and the one that has waited longest goes when there are too many.
 */
export class InstancePool {
  readonly #maximum: number
  readonly #idle = new Map<object, Invocation[]>()
  /** All of them, the one that has waited longest first. */
  readonly #waiting = new Map<Invocation, object>()
  #bytes = 0

  /** @param maximum most instances that wait; with 0, every call has a new one */
  constructor(maximum: number = DEFAULT_MAXIMUM_IDLE) {
    this.#maximum = maximum
  }

  /** How many wait. */
  get size(): number {
    return this.#waiting.size
  }

  /** Hands out an instance of a module, if there is one. */
  take(module: object): Invocation | undefined {
    const invocation = this.#idle.get(module)?.pop()
    if (invocation !== undefined) this.#forget(invocation)
    return invocation
  }

  /** Takes an instance back. */
  give(module: object, invocation: Invocation): void {
    const idle = this.#idle.get(module) ?? []
    this.#idle.set(module, idle)
    idle.push(invocation)
    this.#waiting.set(invocation, module)
    this.#bytes += invocation.memory.byteLength
    while (this.#waiting.size > this.#maximum || this.#bytes > MAXIMUM_IDLE_BYTES) this.#dropOldest()
  }

  /** Lets go of all that wait. */
  clear(): void {
    this.#idle.clear()
    this.#waiting.clear()
    this.#bytes = 0
  }

  #dropOldest(): void {
    for (const [oldest, module] of this.#waiting) {
      // Of each module the oldest is the first.
      this.#idle.get(module)?.shift()
      this.#forget(oldest)
      return
    }
  }

  #forget(invocation: Invocation): void {
    const module = this.#waiting.get(invocation)
    this.#waiting.delete(invocation)
    this.#bytes -= invocation.memory.byteLength
    if (module !== undefined && this.#idle.get(module)?.length === 0) this.#idle.delete(module)
  }
}
