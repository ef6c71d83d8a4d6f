import { fromWord, toWord } from '@troupe/runtime-evm'
import { describe, expect, it } from 'vitest'

const MODULUS = 1n << 256n

describe('words', () => {
  it.each([0n, 1n, 255n, 2n ** 53n - 1n])('are numbers where they are small: %d', (value) => {
    expect(toWord(value)).toBe(Number(value))
    expect(fromWord(toWord(value))).toBe(value)
  })

  it.each([1n, 255n, 2n ** 53n - 1n])(
    'are negative numbers where their complement is small: -%d',
    (value) => {
      expect(toWord(MODULUS - value)).toBe(-Number(value))
      expect(fromWord(toWord(MODULUS - value))).toBe(MODULUS - value)
    },
  )

  it.each([2n ** 53n, 2n ** 64n, 2n ** 255n, MODULUS - 2n ** 53n])('are bigints in between: %d', (value) => {
    expect(toWord(value)).toBe(value)
    expect(fromWord(value)).toBe(value)
  })
})
