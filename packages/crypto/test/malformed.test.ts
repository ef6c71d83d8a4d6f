import { expect, it } from 'vitest'
import { undefinedIfMalformed } from '../src/malformed.ts'

it('gives what the decoder gives, and undefined where it throws a plain error', () => {
  expect(undefinedIfMalformed(() => 7)).toBe(7)
  expect(
    undefinedIfMalformed(() => {
      throw new Error('bad point')
    }),
  ).toBeUndefined()
})

it('lets failures of the host through', () => {
  const recurse = (): number => recurse() + 1
  expect(() => undefinedIfMalformed(recurse)).toThrow(RangeError)
  expect(() =>
    undefinedIfMalformed(() => {
      throw new TypeError('a bug')
    }),
  ).toThrow(TypeError)
})
