import { paddedWord } from './padded-input.ts'

/** Bytes before the operands: three words with their lengths. */
export const OPERANDS_START = 96

/** How long the operands of a modular exponentiation are said to be, in bytes: any numbers of 256 bits. They follow in this order. */
export interface ModexpLengths {
  readonly base: bigint
  readonly exponent: bigint
  readonly modulus: bigint
}

/** Reads the lengths of the operands. */
export function readModexpLengths(input: Uint8Array): ModexpLengths {
  return {
    base: paddedWord(input, 0),
    exponent: paddedWord(input, 32),
    modulus: paddedWord(input, 64),
  }
}

/**
 * The bytes of an operand that the input has, from `start` on; the rest of `length` are zeros. Neither has to be within the input, and no bytes are
 * copied.
 */
export function presentBytes(input: Uint8Array, start: bigint, length: bigint): Uint8Array {
  const inputLength = BigInt(input.length)
  if (start >= inputLength) return input.subarray(input.length)
  const end = start + length
  return input.subarray(Number(start), Number(end < inputLength ? end : inputLength))
}

/** The bytes of all operands that the input has. */
export function presentOperands(
  input: Uint8Array,
  { base, exponent, modulus }: ModexpLengths,
): Record<keyof ModexpLengths, Uint8Array> {
  const start = BigInt(OPERANDS_START)
  return {
    base: presentBytes(input, start, base),
    exponent: presentBytes(input, start + base, exponent),
    modulus: presentBytes(input, start + base + exponent, modulus),
  }
}
