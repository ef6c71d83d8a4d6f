import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { digitAt, matches, matchLength, packDigits, unpackDigits } from '../src/kamt/digits.ts'
import { expectCode } from './codes.ts'

/** The key of ref-fvm ipld/kamt/src/ext.rs, `test_longest` and `test_split`. */
const KEY = Uint8Array.of(
  0b10001000,
  0b10010010,
  0b10101010,
  0b11011011,
  0b11101110,
  ...new Array(27).fill(0),
)

describe('the digits of a hash', () => {
  test('are taken from the most significant bit', () => {
    // ref-fvm ipld/kamt/src/hash_bits.rs, `test_bitfield`, at one width
    const key = Uint8Array.of(0b10001000, 0b10101010, 0b10111111, 0b11111111)
    expect([...unpackDigits(key, 32, 8)]).toEqual([0b10001000, 0b10101010, 0b10111111, 0b11111111])
    expect([...unpackDigits(key, 32, 5)]).toEqual([
      0b10001, 0b00010, 0b10101, 0b01011, 0b11111, 0b11111, 0b11,
    ])
  })

  test('end in what bits are left', () => {
    // ref-fvm ipld/kamt/src/hash_bits.rs, `test_partial_last_bits`
    const key = new Uint8Array(32)
    key[31] = 1
    expect(unpackDigits(key, 256, 5)).toHaveLength(52)
    expect(digitAt(key, 51, 5)).toBe(1)
    expectCode(() => digitAt(key, 52, 5), 'kamt/max-depth')
  })

  test('are the same one by one', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 8 }),
        (key, width) => {
          const digits = unpackDigits(key, key.length * 8, width)
          expect(Array.from(digits, (_, level) => digitAt(key, level, width))).toEqual([...digits])
          expectCode(() => digitAt(key, digits.length, width), 'kamt/max-depth')
          for (let level = 0; level <= digits.length; level++) {
            expect(matches(digits.subarray(level), key, level, width)).toBe(true)
            expect(matchLength(new Uint8Array(99), key, level, width)).toBe(
              digits.subarray(level).findIndex((digit) => digit !== 0) >= 0
                ? digits.subarray(level).findIndex((digit) => digit !== 0)
                : digits.length - level,
            )
          }
        },
      ),
      { seed: 2, numRuns: 100 },
    )
  })
})

describe('an extension', () => {
  test('holds the digits where keys agree', () => {
    // ref-fvm ipld/kamt/src/ext.rs, `test_longest`
    const rest = unpackDigits(KEY, 256, 3).subarray(2)
    const common = Math.min(
      matchLength(rest, KEY.with(3, 0b11010111), 2, 3),
      matchLength(rest, KEY.with(4, 0b11111110), 2, 3),
    )
    const extension = rest.slice(0, common)
    expect(extension.length * 3).toBe(2 + 8 + 8 + 3)
    expect([...packDigits(extension, 3)]).toEqual([0b00100100, 0b10101010, 0b10110000])
    expect(matches(extension, KEY, 2, 3)).toBe(true)
    expect(matches(extension, KEY, 2 + common, 3)).toBe(false)
  })

  test('comes back from its bytes at every width and length', () => {
    const extension = fc
      .integer({ min: 1, max: 8 })
      .chain((bitWidth) =>
        fc.tuple(
          fc.constant(bitWidth),
          fc.uint8Array({ max: 2 ** bitWidth - 1, maxLength: Math.floor(255 / bitWidth) }),
        ),
      )
    fc.assert(
      fc.property(extension, ([bitWidth, digits]) => {
        const bytes = packDigits(digits, bitWidth)
        expect(bytes).toHaveLength(Math.ceil((digits.length * bitWidth) / 8))
        expect(unpackDigits(bytes, digits.length * bitWidth, bitWidth)).toEqual(digits)
      }),
      { seed: 1, numRuns: 500 },
    )
  })
})
