/**
 * @module Bits as digits: a KAMT consumes a hash `bitWidth` bits at a time, most significant first, one digit a level. A path is a whole hash in digits (the
 * last one is made of what bits are left); an extension is the digits of levels that a link skips, always of full width.
 *
 * *Source*: ref-fvm@master ipld/kamt/src/{hash_bits,ext}.rs.
 */
import { IpldError } from '../errors.ts'

/** The digits of the first `bits` bits. */
export function unpackDigits(bytes: Uint8Array, bits: number, bitWidth: number): Uint8Array {
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
 * The digit at a level.
 * @throws {IpldError} kamt/max-depth below the last
 */
export function digitAt(path: Uint8Array, level: number): number {
  const digit = path[level]
  if (digit === undefined) throw new IpldError('kamt/max-depth', `no digit for level ${level}`)
  return digit
}

/** How many digits of `extension` stand in `path` from `level` on. */
export function matchLength(extension: Uint8Array, path: Uint8Array, level: number): number {
  let matched = 0
  while (matched < extension.length && extension[matched] === path[level + matched]) matched++
  return matched
}

/** Whether all of an extension stands in `path` from `level` on. */
export function matches(extension: Uint8Array, path: Uint8Array, level: number): boolean {
  return matchLength(extension, path, level) === extension.length
}
