/**
 * Words of 256 bits, as the interpreter keeps them on its stack.
 *
 * A word is the signed number that its two's complement stands for where that is at most 2^53-1 in size, and a bigint from 2^53 to 2^256-2^53
 * otherwise. So there is one form for every word, two words are equal where `===` says so, and counters, offsets, flags and small
 * amounts never become bigints. Whatever leaves the interpreter (a host, a tracer) sees unsigned bigints.
 *
 * @module
 */

/** A word of 256 bits in its one form: see the module. */
export type Word = number | bigint

/** The largest word that is a number; its negative is the smallest. */
export const LARGEST_SMALL = 0x1f_ffff_ffff_ffff
/** Words from here on are bigints. */
const SMALL_LIMIT = 0x20_0000_0000_0000n
const MODULUS = 1n << 256n
/** Words from here on are negative where signs count. */
export const SIGN_LIMIT: bigint = 1n << 255n
/** Words above are small negative numbers. */
const NEGATIVE_LIMIT = MODULUS - SMALL_LIMIT

/** The word of an unsigned bigint below 2^256. */
export function toWord(value: bigint): Word {
  if (value < SMALL_LIMIT) return Number(value)
  if (value > NEGATIVE_LIMIT) return Number(value - MODULUS)
  return value
}

/** The word of any bigint, modulo 2^256. Most are in the middle, which is looked at first. */
export function wrapWord(value: bigint): Word {
  if (value <= NEGATIVE_LIMIT && value >= SMALL_LIMIT) return value
  return toWord(BigInt.asUintN(256, value))
}

/** The unsigned value of a word. */
export function fromWord(word: Word): bigint {
  if (typeof word === 'bigint') return word
  return word < 0 ? BigInt(word) + MODULUS : BigInt(word)
}

/** The word of a signed bigint from -2^255 to 2^255-1. */
export function fromSigned(value: bigint): Word {
  return toWord(value < 0n ? value + MODULUS : value)
}

/** The signed value of a word. */
export function toSigned(word: Word): bigint {
  if (typeof word === 'number') return BigInt(word)
  return word < SIGN_LIMIT ? word : word - MODULUS
}
