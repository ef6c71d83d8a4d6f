/**
 * Comparisons, bits and shifts of words. A number stands for its two's complement, sign extended: JavaScript's own operators are right
 * for those of 32 bits, and halves of 32 bits for all others.
 *
 * @module
 */
import { bitLength } from './arithmetic.ts'
import {
  fromSigned,
  fromWord,
  LARGEST_SMALL,
  SIGN_LIMIT,
  toSigned,
  toWord,
  type Word,
  wrapWord,
} from './word.ts'

const HALF = 0x1_0000_0000
const ALL_ONES = (1n << 256n) - 1n

/** 2^n as a number, for n from 0 to 255: exact. */
const POWERS = Float64Array.from({ length: 256 }, (_, bits) => Number(1n << BigInt(bits)))
/** n as a bigint, for n from 0 to 255. */
const BIGINTS: readonly bigint[] = Array.from({ length: 256 }, (_, bits) => BigInt(bits))

/** Whether `a < b` without signs. */
export function isBelow(a: Word, b: Word): boolean {
  if (typeof a === 'number') {
    if (typeof b === 'number') return (a < b !== a < 0) !== b < 0
    return a >= 0
  }
  return typeof b === 'number' ? b < 0 : a < b
}

/** Whether `a < b` with signs. */
export function isSignedBelow(a: Word, b: Word): boolean {
  if (typeof a === 'number') return typeof b === 'number' ? a < b : b < SIGN_LIMIT
  if (typeof b === 'number') return a >= SIGN_LIMIT
  const isNegative = a >= SIGN_LIMIT
  return isNegative === b >= SIGN_LIMIT ? a < b : isNegative
}

export function andWords(a: Word, b: Word): Word {
  if (typeof a === 'number') {
    if (typeof b === 'number') {
      if ((a | 0) === a && (b | 0) === b) return a & b
      return join(Math.floor(a / HALF) & Math.floor(b / HALF), a & b)
    }
    return a >= 0 ? andSmall(a, b) : toWord(fromWord(a) & b)
  }
  if (typeof b === 'number') return b >= 0 ? andSmall(b, a) : toWord(a & fromWord(b))
  return toWord(a & b)
}

/** A small mask of a large word: what is above 53 bits does not matter. */
function andSmall(mask: number, word: bigint): number {
  const low = Number(BigInt.asUintN(53, word))
  return (Math.floor(mask / HALF) & Math.floor(low / HALF)) * HALF + ((mask & low) >>> 0)
}

export function orWords(a: Word, b: Word): Word {
  if (typeof a === 'number' && typeof b === 'number') {
    if ((a | 0) === a && (b | 0) === b) return a | b
    return join(Math.floor(a / HALF) | Math.floor(b / HALF), a | b)
  }
  return toWord(fromWord(a) | fromWord(b))
}

export function xorWords(a: Word, b: Word): Word {
  if (typeof a === 'number' && typeof b === 'number') {
    if ((a | 0) === a && (b | 0) === b) return a ^ b
    return join(Math.floor(a / HALF) ^ Math.floor(b / HALF), a ^ b)
  }
  return toWord(fromWord(a) ^ fromWord(b))
}

/** The word of two halves, of which the high one has the sign. */
function join(high: number, low: number): Word {
  const word = high * HALF + (low >>> 0)
  return word < -LARGEST_SMALL ? toWord(fromWord(word)) : word
}

export function invertWord(word: Word): Word {
  if (typeof word === 'number' && word !== LARGEST_SMALL) return -1 - word
  return toWord(ALL_ONES - fromWord(word))
}

/** BYTE: the byte at `place`, counted from the highest. */
export function byteOf(place: Word, word: Word): number {
  if (typeof place !== 'number' || place < 0 || place > 31) return 0
  const bits = 8 * (31 - place)
  if (typeof word === 'number' && word >= 0) {
    return bits > 52 ? 0 : Math.floor(word / (POWERS[bits] as number)) % 256
  }
  return Number(BigInt.asUintN(8, fromWord(word) >> (BIGINTS[bits] as bigint)))
}

export function shiftLeft(bits: Word, word: Word): Word {
  if (typeof bits !== 'number' || bits < 0 || bits > 255) return 0
  if (typeof word === 'number') {
    const product = word * (POWERS[bits] as number)
    if (product <= LARGEST_SMALL && product >= -LARGEST_SMALL) return product
    return wrapWord(BigInt(word) << (BIGINTS[bits] as bigint))
  }
  return wrapWord(word << (BIGINTS[bits] as bigint))
}

export function shiftRight(bits: Word, word: Word): Word {
  if (typeof bits !== 'number' || bits < 0 || bits > 255) return 0
  if (typeof word === 'number' && word >= 0) return Math.floor(word / (POWERS[bits] as number))
  return toWord(fromWord(word) >> (BIGINTS[bits] as bigint))
}

export function shiftRightSigned(bits: Word, word: Word): Word {
  if (typeof bits !== 'number' || bits < 0 || bits > 255) return isSignedBelow(word, 0) ? -1 : 0
  if (typeof word === 'number') return Math.floor(word / (POWERS[bits] as number))
  return fromSigned(toSigned(word) >> (BIGINTS[bits] as bigint))
}

/** CLZ: how many zeros lead. */
export function leadingZeros(word: Word): number {
  return 256 - bitLength(word)
}
