import type { JsEngine } from './js-engine.ts'
import { type JsValue, UNDEFINED } from './js-value.ts'

/** As many reasons are kept: the rest are counted. */
const MAX_REASONS = 16

/** Boxes of a promise and of what it was rejected with. */
interface Rejection {
  readonly promise: number
  readonly reason: number
}

/** The promises of an invocation that were rejected, and that nobody waits for. */
export class Rejections {
  /** How many there are. */
  count = 0
  readonly #kept = new Map<JsValue, Rejection>()

  /** Whatever there was is of another invocation. */
  forget(): void {
    this.count = 0
    this.#kept.clear()
  }

  /**
   * Takes down that a promise was rejected while nobody waited for it; or that somebody waits now for one of those.
   * @param rejection boxes, which are freed here sooner or later
   */
  note(engine: JsEngine, rejection: Rejection, isHandled: boolean): void {
    const promise = engine.instance.memory.view.getBigInt64(rejection.promise, true)
    this.count += isHandled ? -1 : 1
    if (!isHandled && this.#kept.size < MAX_REASONS) {
      this.#kept.set(promise, rejection)
      return
    }
    const kept = this.#kept.get(promise)
    if (kept !== undefined && this.#kept.delete(promise)) free(engine, kept)
    free(engine, rejection)
  }

  /** What the first of them was rejected with that is known; `undefined` in JavaScript where none is. */
  reason({ instance }: JsEngine): JsValue {
    const [first] = this.#kept.values()
    return first === undefined ? UNDEFINED : instance.memory.view.getBigInt64(first.reason, true)
  }
}

function free(engine: JsEngine, { promise, reason }: Rejection): void {
  engine.call('qjs_free_value', promise)
  engine.call('qjs_free_value', reason)
}
