import { promiseHooks } from 'node:v8'
import { type Context, Script } from 'node:vm'

const PROTOTYPE = new Script('Promise.prototype', { filename: 'troupe:promises.js' })
/**
 * Notes who is waited for by `then`, of which V8 says nothing where it calls it itself; and gives a function that waits for those of some promises that nobody waits for, and puts what they were
 * rejected with into a list.
 */
const COLLECT = new Script(
  `(() => {
    'use strict';
    const { apply } = Reflect;
    const { prototype } = Promise;
    const { then: original } = prototype;
    const { add, has } = WeakSet.prototype;
    const waited = new WeakSet();
    const { then } = { then(onFulfilled, onRejected) {
      const derived = apply(original, this, [onFulfilled, onRejected]);
      apply(add, waited, [this]);
      return derived;
    } };
    Object.defineProperty(prototype, 'then', { value: then });
    return (promises, reasons) => {
      for (let i = 0; i < promises.length; i++)
        if (!apply(has, waited, [promises[i]]))
          apply(original, promises[i], [() => {}, (reason) => { reasons[reasons.length] = reason }]);
    };
  })()`,
  { filename: 'troupe:promises.js' },
)

/** Waits for promises of a realm, there. */
export type Collect = (promises: readonly unknown[], reasons: unknown[]) => void

/**
 * The promises that are made in a realm and that nobody waits for. Node would end the process because of those that are rejected.
 *
 * Realms in which actors run that this one calls have their own.
 */
export class LostPromises {
  readonly #prototype: object
  readonly #promises = new Set<unknown>()
  readonly collect: Collect

  /** @param realm in which nothing has run yet */
  constructor(realm: Context) {
    this.#prototype = PROTOTYPE.runInContext(realm) as object
    this.collect = COLLECT.runInContext(realm) as Collect
  }

  /**
   * Runs something in the realm, and notes the promises that it makes.
   *
   * V8 says of a new promise which one it was made of: the one that is waited for; or, where an `await` makes one of a value that is none, the one of the async function, which nobody waits for by
   * that. The latter has its value at once.
   */
  watch<T>(run: () => T): T {
    let last: { readonly promise: unknown; readonly parent: unknown } | undefined
    const isOurs = (promise: unknown): boolean =>
      Object.prototype.isPrototypeOf.call(this.#prototype, promise as object)
    const stop = promiseHooks.createHook({
      init: (promise: unknown, parent: unknown) => {
        if (!isOurs(promise)) return
        const isWaitedFor = parent !== undefined && this.#promises.delete(parent)
        last = isWaitedFor ? { promise, parent } : undefined
        this.#promises.add(promise)
      },
      before: () => {
        last = undefined
      },
      settled: (promise: unknown) => {
        if (last?.promise === promise) this.#promises.add(last?.parent)
        last = undefined
      },
    })
    try {
      return run()
    } finally {
      stop()
    }
  }

  /** Those that nobody waits for by now, as far as is known here. They are forgotten. */
  take(): unknown[] {
    const promises = [...this.#promises]
    this.#promises.clear()
    return promises
  }
}
