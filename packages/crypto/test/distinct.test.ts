import { areDistinct } from '@troupe/crypto'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { toHex } from './bytes.ts'

it('takes no strings and one string for distinct', () => {
  expect(areDistinct([])).toBe(true)
  expect(areDistinct([new Uint8Array(0)])).toBe(true)
})

it('compares bytes, not objects', () => {
  expect(areDistinct([Uint8Array.of(1, 2), Uint8Array.of(1, 3), Uint8Array.of(1, 2)])).toBe(false)
  expect(areDistinct([new Uint8Array(0), new Uint8Array(0)])).toBe(false)
})

it('tells a string from its prefix', () => {
  expect(areDistinct([Uint8Array.of(1), Uint8Array.of(1, 0), new Uint8Array(0)])).toBe(true)
})

it('agrees with a set, and leaves the list in its order', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 2 }), { maxLength: 12 }), (items) => {
      const before = items.map(toHex)
      expect(areDistinct(items)).toBe(new Set(before).size === items.length)
      expect(items.map(toHex)).toEqual(before)
    }),
    { seed: 3, numRuns: 300 },
  )
})
