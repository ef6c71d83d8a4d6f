/**
 * Arithmetic of words, modulo 2^256. The interpreter itself adds, subtracts and multiplies numbers whose result is one; these are for all words.
 *
 * Quotients of numbers are exact: both are below 2^53, so that the rounded quotient is never an integer which the exact one does not reach.
 *
 * @module
 */
import { fromSigned, fromWord, LARGEST_SMALL, toSigned, toWord, type Word, wrapWord } from './word.ts'

export function addWords(a: Word, b: Word): Word {
  return wrapWord(BigInt(a) + BigInt(b))
}

export function subtractWords(a: Word, b: Word): Word {
  return wrapWord(BigInt(a) - BigInt(b))
}

export function multiplyWords(a: Word, b: Word): Word {
  return wrapWord(BigInt(a) * BigInt(b))
}

export function divideWords(a: Word, b: Word): Word {
  if (b === 0) return 0
  if (typeof a === 'number' && a >= 0) {
    return typeof b === 'number' && b > 0 ? Math.floor(a / b) : 0
  }
  return toWord(fromWord(a) / fromWord(b))
}

export function divideSignedWords(a: Word, b: Word): Word {
  if (b === 0) return 0
  // Adding 0 makes 0 of -0.
  if (typeof a === 'number' && typeof b === 'number') return Math.trunc(a / b) + 0
  return fromSigned(BigInt.asIntN(256, toSigned(a) / toSigned(b)))
}

export function moduloWords(a: Word, b: Word): Word {
  if (b === 0) return 0
  if (typeof a === 'number' && a >= 0) {
    return typeof b === 'number' && b > 0 ? a % b : a
  }
  return toWord(fromWord(a) % fromWord(b))
}

export function moduloSignedWords(a: Word, b: Word): Word {
  if (b === 0) return 0
  if (typeof a === 'number' && typeof b === 'number') return (a % b) + 0
  return fromSigned(toSigned(a) % toSigned(b))
}

export function addModulo(a: Word, b: Word, modulus: Word): Word {
  if (modulus === 0) return 0
  if (typeof a === 'number' && typeof b === 'number' && typeof modulus === 'number') {
    const sum = a + b
    if (a >= 0 && b >= 0 && modulus > 0 && sum <= LARGEST_SMALL) return sum % modulus
  }
  return toWord((fromWord(a) + fromWord(b)) % fromWord(modulus))
}

export function multiplyModulo(a: Word, b: Word, modulus: Word): Word {
  if (modulus === 0) return 0
  if (typeof a === 'number' && typeof b === 'number' && typeof modulus === 'number') {
    const product = a * b
    if (a >= 0 && b >= 0 && modulus > 0 && product <= LARGEST_SMALL) return product % modulus
  }
  return toWord((fromWord(a) * fromWord(b)) % fromWord(modulus))
}

/** How many bits may be squared and multiplied without a modulus: more than any code needs whose power does not wrap. */
const UNWRAPPED_BITS = 256

export function exponentiate(base: Word, exponent: Word): Word {
  if (exponent === 0) return 1
  if (base === 0 || base === 1) return base
  const large = fromWord(exponent)
  if (base === 2) return large < 256n ? toWord(1n << large) : 0
  if (typeof base === 'number' && base > 0 && large * BigInt(bitLength(base)) <= UNWRAPPED_BITS) {
    return toWord(BigInt(base) ** large)
  }
  let result = 1n
  const factor = fromWord(base)
  for (const bit of large.toString(2)) {
    result = BigInt.asUintN(256, result * result)
    if (bit === '1') result = BigInt.asUintN(256, result * factor)
  }
  return toWord(result)
}

/** How many bytes a word has without leading zeros. */
export function byteLength(word: Word): number {
  if (typeof word === 'number') return word < 0 ? 32 : Math.ceil(bitLength(word) / 8)
  return Math.ceil(word.toString(16).length / 2)
}

/** How many bits a word has without leading zeros. */
export function bitLength(word: Word): number {
  if (typeof word === 'number') {
    if (word < 0) return 256
    const high = Math.floor(word / 0x1_0000_0000)
    return high === 0 ? 32 - Math.clz32(word) : 64 - Math.clz32(high)
  }
  const digits = word.toString(16)
  return digits.length * 4 - Math.clz32(Number.parseInt(digits[0] as string, 16)) + 28
}

/** SIGNEXTEND: the word of the lowest `place + 1` bytes, whose highest bit becomes the sign. */
export function extendSign(place: Word, word: Word): Word {
  if (typeof place !== 'number' || place < 0 || place > 30) return word
  if (typeof word === 'number') {
    if (place === 0) return (word << 24) >> 24
    if (place === 1) return (word << 16) >> 16
    if (place >= 6) return word
  }
  return fromSigned(BigInt.asIntN(8 * (place + 1), BigInt(word)))
}
