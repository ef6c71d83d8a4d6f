/** @module Signed 64-bit integers as zigzag varints: keys of maps. Source: integer-encoding 4 src/varint.rs, which actors use. */

/** The bytes of an integer, -2^63 to 2^63-1: zigzag, then low seven bits first. */
export function encodeSignedVarint(value: bigint): Uint8Array {
  return encodeVarint(BigInt.asUintN(64, (value << 1n) ^ (value >> 63n)))
}

/** The bytes of an unsigned integer, low seven bits first. */
export function encodeVarint(value: bigint): Uint8Array {
  const bytes: number[] = []
  let rest = value
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  bytes.push(Number(rest))
  return Uint8Array.from(bytes)
}
