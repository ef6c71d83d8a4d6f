/**
 * @module Work on a chain, in steps that read its store. On a store that answers at once a step is a call. On one that may lack a block it is tried until no block was
 * missing, each that was being fetched meanwhile; so a step changes nothing before it has read all that it needs, and what has effects stands between steps.
 */
import type { Cid } from '@troupe/ipld'
import { AccessPatterns, type RemoteChainStore, type RestartOptions, withRestart } from '@troupe/ipld/remote'
import type { HeldDebugOutput } from '../chain/held-debug-output.ts'

/** What a step says of the blocks that it is going to read. */
export interface StepHints {
  /** What steps with one key read is much the same. */
  readonly key?: string
  /** Roots of what it reads all of. */
  readonly reachable?: readonly Cid[]
  /** Whether it does with a block that is nowhere as with one that is absent. */
  readonly isWhole?: boolean
}

/** A part of some work that reads the store. */
export interface Step {
  readonly run: () => unknown
  /** Asked for once it is the step's turn. */
  readonly hints: (() => StepHints) | undefined
}

/** Some work: yields its steps, and gives what came of it. */
export type Steps<T> = Generator<Step, T, unknown>

/** One step, to be yielded: `const value = yield* step(() => …)`. */
export function* step<T>(run: () => T, hints?: () => StepHints): Steps<T> {
  return (yield { run, hints }) as T
}

/** Does work, one after the other where it takes time: nothing gets between the steps of one. */
export interface Worker {
  /** @param signals end the work between its steps, and while a step waits for a block */
  perform<T>(work: Steps<T>, ...signals: readonly (AbortSignal | undefined)[]): T | Promise<T>
}

/** For a store that answers at once: all is done when `perform` returns. */
export const immediately: Worker = {
  perform(work) {
    let next = work.next()
    while (next.done !== true) next = attempt(work, next.value.run)
    return next.value
  },
}

function attempt<T>(work: Steps<T>, run: () => unknown): IteratorResult<Step, T> {
  let value: unknown
  try {
    value = run()
  } catch (error) {
    return work.throw(error)
  }
  return work.next(value)
}

/** For a store whose blocks are elsewhere. All chains on that store share it. */
export class RestartingWorker implements Worker {
  readonly #store: RemoteChainStore
  readonly #patterns: AccessPatterns
  readonly #debug: HeldDebugOutput | undefined
  /** Ends with the work that was asked for last. */
  #last: Promise<unknown> = Promise.resolve()

  /** @param debug where a step's output is held until the step has been done whole */
  constructor(
    store: RemoteChainStore,
    patterns: AccessPatterns = new AccessPatterns(),
    debug?: HeldDebugOutput,
  ) {
    this.#store = store
    this.#patterns = patterns
    this.#debug = debug
  }

  perform<T>(work: Steps<T>, ...signals: readonly (AbortSignal | undefined)[]): Promise<T> {
    const signal = AbortSignal.any(signals.filter((one) => one !== undefined))
    const result = this.#last.then(() => this.#perform(work, signal))
    this.#last = result.catch(() => undefined)
    return result
  }

  async #perform<T>(work: Steps<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted()
    let next = work.next()
    while (next.done !== true) {
      let value: unknown
      try {
        value = await this.#attempt(next.value, signal)
      } catch (error) {
        next = work.throw(error)
        continue
      }
      next = work.next(value)
    }
    return next.value
  }

  async #attempt({ hints, run }: Step, signal: AbortSignal): Promise<unknown> {
    const { isWhole, key, reachable } = hints?.() ?? {}
    const options: RestartOptions = {
      ...{ isWhole, signal },
      prefetch: key === undefined ? undefined : { patterns: this.#patterns, key },
      reachable: reachable === undefined ? undefined : { roots: reachable, near: this.#store.local },
    }
    const attempted = (): unknown => {
      this.#debug?.forget()
      return run()
    }
    try {
      return (await withRestart(this.#store.remote, attempted, options)).value
    } finally {
      this.#debug?.release()
    }
  }
}
