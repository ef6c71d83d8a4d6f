/** @module Input as precompiles read it: bytes with zeros behind them without end. */

/** A copy of `length` bytes from `offset` on. */
export function paddedBytes(input: Uint8Array, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  bytes.set(input.subarray(offset, offset + length))
  return bytes
}

/** The number that a word of 32 bytes is, the first byte the greatest. */
export function paddedWord(input: Uint8Array, offset: number): bigint {
  return toBigint(paddedBytes(input, offset, 32))
}

/** The number that bytes are, the first byte the greatest; none are 0. */
export function toBigint(bytes: Uint8Array): bigint {
  let digits = '0x0'
  for (const byte of bytes) digits += HEX[byte]
  return BigInt(digits)
}

/** Writes a number that fits into `length` bytes from `offset` on, the first byte the greatest. */
export function writeBigint(bytes: Uint8Array, offset: number, length: number, value: bigint): void {
  const digits = value.toString(16).padStart(2 * length, '0')
  for (let i = 0; i < length; i++) bytes[offset + i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16)
}

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
