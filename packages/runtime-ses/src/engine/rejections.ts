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
  readonly #kept = new Map<JsValue, Rejection>()
  /** How many there are besides. */
  #others = 0

  /** How many there are. */
  get count(): number {
    return this.#kept.size + this.#others
  }

  /** Whatever there was is of another invocation. */
  forget(): void {
    this.#others = 0
    this.#kept.clear()
  }

  /**
   * Takes down that a promise was rejected while nobody waited for it; or that somebody waits now for one of those. That may be one which the actor's module left rejected, and which is not counted here.
   * @param rejection boxes, which are freed here sooner or later
   * @throws {Abort} where the engine has no such boxes
   */
  note(engine: JsEngine, rejection: Rejection, isHandled: boolean): void {
    const promise = engine.valueAt(rejection.promise)
    if (!isHandled && this.#kept.size < MAX_REASONS) {
      this.#kept.set(promise, rejection)
      return
    }
    const kept = this.#kept.get(promise)
    if (!isHandled) this.#others++
    else if (kept !== undefined) {
      this.#kept.delete(promise)
      free(engine, kept)
    } else if (this.#others > 0) this.#others--
    free(engine, rejection)
  }

  /** What the first of them was rejected with that is known; `undefined` in JavaScript where none is. @throws {Abort} */
  reason(engine: JsEngine): JsValue {
    const [first] = this.#kept.values()
    return first === undefined ? UNDEFINED : engine.valueAt(first.reason)
  }
}

function free(engine: JsEngine, { promise, reason }: Rejection): void {
  engine.call('qjs_free_value', promise)
  engine.call('qjs_free_value', reason)
}
