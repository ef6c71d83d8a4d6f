/**
 * @module Error numbers: why a syscall failed, as the calling actor is told.
 *
 * Source: ref-fvm release/v3 shared/src/error/mod.rs.
 */

/** The error numbers. Zero is success, and no error number. */
export const ErrorNumber = {
  /** A parameter is invalid. */
  IllegalArgument: 1,
  /** The actor is not in a state for this. */
  IllegalOperation: 2,
  /** A limit of the system is exceeded: handles, call depth, lookback. */
  LimitExceeded: 3,
  /** The system found itself in a state that cannot be. */
  AssertionFailed: 4,
  /** There are not enough funds. */
  InsufficientFunds: 5,
  /** What was asked for does not exist. */
  NotFound: 6,
  /** There is no block with this handle. */
  InvalidHandle: 7,
  /** The hash function or length of a CID is not allowed here. */
  IllegalCid: 8,
  /** The codec of a block is not allowed here. */
  IllegalCodec: 9,
  /** A block is not what its codec says. */
  Serialization: 10,
  /** The actor may not do this. */
  Forbidden: 11,
  /** The buffer is too small. */
  BufferTooSmall: 12,
  /** The call is read-only. From network version 18 on. */
  ReadOnly: 13,
} as const

/** One of the {@link ErrorNumber}s. */
export type ErrorNumber = (typeof ErrorNumber)[keyof typeof ErrorNumber]

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(ErrorNumber).map(([name, number]) => [number, name]),
)

/** The name of an error number, as in {@link ErrorNumber}; `ErrorNumber(n)` where it has none. */
export function errorNumberName(number: number): string {
  return NAMES.get(number) ?? `ErrorNumber(${number})`
}
