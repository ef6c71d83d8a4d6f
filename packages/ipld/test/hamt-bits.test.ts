import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  clearBit,
  countBits,
  decodeBitfield,
  emptyBitfield,
  encodeBitfield,
  hasBit,
  hashIndex,
  rankOf,
  setBit,
} from '../src/hamt/bits.ts'
import { hex, toHex } from './hex.ts'

describe('bitfields', () => {
  // The encodings of fvm_ipld_hamt 0.10.6 `src/bitfield.rs`.
  test('are minimal and big-endian', () => {
    const bits = emptyBitfield()
    expect(toHex(encodeBitfield(bits))).toBe('')
    setBit(bits, 0)
    expect(toHex(encodeBitfield(bits))).toBe('01')
    setBit(bits, 64)
    expect(toHex(encodeBitfield(bits))).toBe('010000000000000001')
    setBit(bits, 255)
    expect(toHex(encodeBitfield(bits))).toBe(`80${'00'.repeat(22)}010000000000000001`)
  })

  test('behave as a set of numbers below 256', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(255)), fc.array(fc.nat(255)), (added, removed) => {
        const bits = emptyBitfield()
        const model = new Set<number>()
        for (const bit of added) {
          setBit(bits, bit)
          model.add(bit)
        }
        for (const bit of removed) {
          clearBit(bits, bit)
          model.delete(bit)
        }
        expect(countBits(bits)).toBe(model.size)
        for (let bit = 0; bit < 256; bit++) {
          expect(hasBit(bits, bit)).toBe(model.has(bit))
          expect(rankOf(bits, bit)).toBe([...model].filter((other) => other < bit).length)
        }
        expect(decodeBitfield(encodeBitfield(bits))).toEqual(bits)
      }),
      { seed: 1, numRuns: 50 },
    )
  })

  test('leading zeros change nothing', () => {
    expect(toHex(encodeBitfield(decodeBitfield(hex('0000000103'))))).toBe('0103')
  })
})

describe('hashIndex', () => {
  test('takes bits from the most significant on, across bytes', () => {
    const hash = hex(`88aabfff${'00'.repeat(28)}`)
    expect(hashIndex(hash, 0, 8)).toBe(0b10001000)
    expect([0, 1, 2, 3, 4, 5].map((depth) => hashIndex(hash, depth, 5))).toEqual([
      0b10001, 0b00010, 0b10101, 0b01011, 0b11111, 0b11111,
    ])
    expect([0, 1, 2].map((depth) => hashIndex(hash, depth, 3))).toEqual([0b100, 0b010, 0b001])
  })

  test('takes what is left at the last depth, and nothing below', () => {
    const hash = hex(`${'00'.repeat(31)}01`)
    expect([50, 51, 52].map((depth) => hashIndex(hash, depth, 5))).toEqual([0, 1, undefined])
    expect([31, 32].map((depth) => hashIndex(hash, depth, 8))).toEqual([1, undefined])
    expect([255, 256].map((depth) => hashIndex(hash, depth, 1))).toEqual([1, undefined])
  })

  test('splits a hash into the digits of its number', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.integer({ min: 1, max: 8 }),
        (hash, bitWidth) => {
          const digits = [...hash].map((byte) => byte.toString(2).padStart(8, '0')).join('')
          const depths = Math.ceil(256 / bitWidth)
          for (let depth = 0; depth < depths; depth++) {
            const expected = Number.parseInt(digits.slice(depth * bitWidth, (depth + 1) * bitWidth), 2)
            expect(hashIndex(hash, depth, bitWidth)).toBe(expected)
          }
        },
      ),
      { seed: 1, numRuns: 100 },
    )
  })
})
