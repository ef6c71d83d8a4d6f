/**
 * @module Bits as digits: a KAMT consumes a hash `bitWidth` bits at a time, most significant first, one digit a level (the last
 * one is made of what bits are left); an extension is the digits of levels that a link skips, always of full width.
 *
 * *Source*: ref-fvm@master ipld/kamt/src/{hash_bits,ext}.rs.
 */
import { IpldError } from '../errors.ts'

/** No digits: what almost all extensions are where keys are hashes. */
export const NO_DIGITS: Uint8Array = new Uint8Array(0)

/** The digits of the first `bits` bits. */
export function unpackDigits(bytes: Uint8Array, bits: number, bitWidth: number): Uint8Array {
  if (bits === 0) return NO_DIGITS
  const digits = new Uint8Array(Math.ceil(bits / bitWidth))
  for (let i = 0; i < digits.length; i++) {
    const start = i * bitWidth
    const width = Math.min(bitWidth, bits - start)
    const index = start >>> 3
    const window = ((bytes[index] as number) << 8) | (bytes[index + 1] ?? 0)
    digits[i] = (window >>> (16 - (start & 7) - width)) & ((1 << width) - 1)
  }
  return digits
}

/** Digits of full width as bytes, padded with zero bits. */
export function packDigits(digits: Uint8Array, bitWidth: number): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((digits.length * bitWidth) / 8))
  for (let i = 0; i < digits.length; i++) {
    const start = i * bitWidth
    const index = start >>> 3
    const window = (digits[i] as number) << (16 - (start & 7) - bitWidth)
    bytes[index] = (bytes[index] as number) | (window >>> 8)
    if ((window & 0xff) !== 0) bytes[index + 1] = window & 0xff
  }
  return bytes
}

/**
 * The digit of a hash at a level: of `bitWidth` bits, or of what bits are left.
 * @throws {IpldError} kamt/max-depth below the last
 */
export function digitAt(hash: Uint8Array, level: number, bitWidth: number): number {
  const start = level * bitWidth
  const left = hash.length * 8 - start
  if (left <= 0) throw new IpldError('kamt/max-depth', `no digit for level ${level}`)
  const width = Math.min(left, bitWidth)
  const index = start >>> 3
  const next = index + 1 < hash.length ? (hash[index + 1] as number) : 0
  const window = ((hash[index] as number) << 8) | next
  return (window >>> (16 - (start & 7) - width)) & ((1 << width) - 1)
}

/** How many digits of `extension` stand in a hash from `level` on. */
export function matchLength(
  extension: Uint8Array,
  hash: Uint8Array,
  level: number,
  bitWidth: number,
): number {
  const digits = Math.ceil((hash.length * 8) / bitWidth) - level
  const length = Math.min(extension.length, digits)
  let matched = 0
  while (matched < length && extension[matched] === digitAt(hash, level + matched, bitWidth)) matched++
  return matched
}

/** Whether all of an extension stands in a hash from `level` on. */
export function matches(extension: Uint8Array, hash: Uint8Array, level: number, bitWidth: number): boolean {
  return extension.length === 0 || matchLength(extension, hash, level, bitWidth) === extension.length
}
