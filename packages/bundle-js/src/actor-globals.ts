/**
 * The globals that actors have: those of the language, as hardened JavaScript has them, the coders of text, and what packages for hardened JavaScript expect. (`Temporal` and what else some engines have is not among
 * them.)
 */
export const ACTOR_GLOBALS: ReadonlySet<string> = new Set(
  `AggregateError Array ArrayBuffer BigInt BigInt64Array BigUint64Array Boolean Compartment DataView Date Error EvalError Function HandledPromise Infinity Int16Array Int32Array Int8Array
  Iterator JSON Map Math NaN Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set String Symbol SyntaxError TextDecoder TextEncoder TypeError URIError Uint16Array
  Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakSet arguments assert console decodeURI decodeURIComponent encodeURI encodeURIComponent escape eval globalThis harden isFinite isNaN parseFloat
  parseInt undefined unescape`.split(/\s+/),
)
