/**
 * @module The engine's values as the host sees them: 64 bits, a tag above and a number or a pointer below. Doubles are the other bit patterns.
 *
 * Source: quickjs-ng quickjs.h, `JS_NAN_BOXING`, as `quickjs-wasi` 3.6.2 is compiled.
 */

/** A value of the engine. The host holds it, or has borrowed it; the engine counts references. */
export type JsValue = bigint

const TAG_INT = 0
const TAG_EXCEPTION = 6

/** `undefined`. */
export const UNDEFINED: JsValue = 3n << 32n

/** The value of a 32-bit integer. */
export function ofInt(value: number): JsValue {
  return BigInt.asUintN(32, BigInt(value))
}

/** The integer that a value is; `undefined` where it is something else, or a double. */
export function asInt(value: JsValue): number | undefined {
  return tagOf(value) === TAG_INT ? Number(BigInt.asIntN(32, value)) : undefined
}

/** Whether a call has thrown. */
export function isException(value: JsValue): boolean {
  return tagOf(value) === TAG_EXCEPTION
}

function tagOf(value: JsValue): number {
  return Number(BigInt.asIntN(32, value >> 32n))
}
