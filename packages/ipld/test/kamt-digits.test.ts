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
    const path = unpackDigits(key, 256, 5)
    expect(path).toHaveLength(52)
    expect(digitAt(path, 51)).toBe(1)
    expectCode(() => digitAt(path, 52), 'kamt/max-depth')
  })
})

describe('an extension', () => {
  test('holds the digits where keys agree', () => {
    // ref-fvm ipld/kamt/src/ext.rs, `test_longest`
    const [path, other, third] = [KEY, KEY.with(3, 0b11010111), KEY.with(4, 0b11111110)].map((key) =>
      unpackDigits(key, 256, 3),
    )
    const rest = (path as Uint8Array).subarray(2)
    const common = Math.min(
      matchLength(rest, other as Uint8Array, 2),
      matchLength(rest, third as Uint8Array, 2),
    )
    const extension = rest.slice(0, common)
    expect(extension.length * 3).toBe(2 + 8 + 8 + 3)
    expect([...packDigits(extension, 3)]).toEqual([0b00100100, 0b10101010, 0b10110000])
    expect(matches(extension, path as Uint8Array, 2)).toBe(true)
    expect(matches(extension, path as Uint8Array, 2 + common)).toBe(false)
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
