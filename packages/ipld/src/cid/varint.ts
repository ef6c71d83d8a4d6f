/**
 * @module Unsigned varints (LEB128) of at most 64 bits, read in place. Callers say how to fail, because a varint belongs to a CID or to a CAR.
 *
 * Rules of the reference's decoder (unsigned-varint 0.8.0 `src/decode.rs`): at most ten bytes, the last of several is not zero; bits of a
 * tenth byte beyond the 64th are dropped, not refused.
 */

/**
 * The position after the varint at `start`.
 * @param fail throws; called where the varint is cut off, not minimal, or longer than ten bytes
 */
export function varintEnd(bytes: Uint8Array, start: number, fail: (what: string) => never): number {
  let at = start
  for (;;) {
    if (at >= bytes.length) fail('a varint ends too early')
    const byte = bytes[at++] as number
    if (byte < 0x80) {
      if (byte === 0 && at - start > 1) fail('a varint is not minimal')
      return at
    }
    if (at - start === 10) fail('a varint has more than 64 bits')
  }
}

/** The value of the varint in `start..end`, rounded where it is above 2^53. */
export function varintNumber(bytes: Uint8Array, start: number, end: number): number {
  if (end - start === 1) return bytes[start] as number
  if (end - start > 4) return Number(varintBigInt(bytes, start, end))
  let value = 0
  for (let at = end - 1; at >= start; at--) value = (value << 7) | ((bytes[at] as number) & 0x7f)
  return value
}

/** The value of the varint in `start..end`. */
export function varintBigInt(bytes: Uint8Array, start: number, end: number): bigint {
  let value = 0n
  for (let at = end - 1; at >= start; at--) value = (value << 7n) | BigInt((bytes[at] as number) & 0x7f)
  return BigInt.asUintN(64, value)
}

/** Whether the varint in `start..end` has bits beyond the 64th. */
export function truncatesVarint(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start === 10 && (bytes[end - 1] as number) > 1
}
