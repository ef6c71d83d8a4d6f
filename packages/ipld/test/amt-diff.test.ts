/** The cases are those of ref-fvm ipld/amt/tests/diff_tests.rs, and those that the reference gets wrong. */
import { Amt } from '@troupe/ipld/amt'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expectCode } from './codes.ts'
import { textCodec, uintCodec } from './test-codecs.ts'
import { cachingStore, trackingStore } from './tracking-store.ts'

type Entries = [index: number | bigint, value: string][]

function amtOf(entries: Entries, bitWidth: number): Amt<string> {
  const amt = Amt.create(cachingStore().store, { value: textCodec, bitWidth })
  for (const [index, value] of entries) amt.set(index, value)
  return amt
}

function range(from: number, to: number, value: (i: number) => string, step = 1): Entries {
  const entries: Entries = []
  for (let i = from; i < to; i += step) entries.push([i, value(i)])
  return entries
}

/** What a diff must give, from the entries themselves. */
function changes(before: Entries, after: Entries): [bigint, string | undefined, string | undefined][] {
  const a = new Map(before.map(([index, value]) => [BigInt(index), value]))
  const b = new Map(after.map(([index, value]) => [BigInt(index), value]))
  const indices = [...new Set([...a.keys(), ...b.keys()])].sort((x, y) => (x < y ? -1 : 1))
  return indices.filter((i) => a.get(i) !== b.get(i)).map((i) => [i, a.get(i), b.get(i)])
}

const foo = (i: number): string => `foo${i}`
const bar = (i: number): string => `bar${i}`

describe.each([2, 3, 5, 8, 12])('the diff of two AMTs of bit width %i', (bitWidth) => {
  test.each<[string, Entries, Entries]>([
    ['equal ones', [[2, 'foo']], [[2, 'foo']]],
    [
      'an addition',
      [[2, 'foo']],
      [
        [2, 'foo'],
        [5, 'bar'],
      ],
    ],
    [
      'a removal',
      [
        [2, 'foo'],
        [5, 'bar'],
      ],
      [[2, 'foo']],
    ],
    ['a modification', [[2, 'foo']], [[2, 'bar']]],
    ['an empty one before', [], [[2, 'foo']]],
    ['an empty one after', [[2, 'foo']], []],
    ['two empty ones', [], []],
    ['a far one after a near one', [[2, 'foo']], [[100_000, 'bar']]],
    ['a near one after a far one', [[2n ** 64n - 2n, 'foo']], [[2, 'bar']]],
    ['modifications and removals', range(0, 100, foo), range(0, 100, bar, 2)],
    ['additions far above', range(0, 100, foo), [...range(0, 100, foo), ...range(2000, 2500, bar)]],
    [
      'everything at once',
      [...range(0, 100, foo), ...range(1000, 1500, foo), ...range(10000, 10500, foo)],
      [
        ...range(0, 100, bar, 2),
        ...range(1000, 1500, bar),
        ...range(2000, 2500, bar),
        ...range(10250, 10500, bar),
      ],
    ],
  ])('gives the changes of %s', (_, before, after) => {
    const expected = changes(before, after)
    for (const flushed of [false, true]) {
      const a = amtOf(before, bitWidth)
      const b = amtOf(after, bitWidth)
      if (flushed) for (const amt of [a, b]) amt.flush()
      expect(Array.from(a.diff(b), (change) => [change.index, change.before, change.after])).toEqual(expected)
    }
  })
})

test('the diff of any two AMTs turns one into the other', () => {
  const entries = fc.array(
    fc.tuple(fc.oneof(fc.nat({ max: 40 }), fc.nat({ max: 5000 })), fc.constantFrom('a', 'b')),
    {
      maxLength: 40,
    },
  )
  fc.assert(
    fc.property(entries, entries, fc.integer({ min: 1, max: 6 }), (before, after, bitWidth) => {
      const diff = amtOf(before, bitWidth).diff(amtOf(after, bitWidth))
      expect(Array.from(diff, (change) => [change.index, change.before, change.after])).toEqual(
        changes(before, after),
      )
    }),
    { seed: 11, numRuns: 200 },
  )
})

test('a diff does not read what is the same', () => {
  const { store, blocks } = trackingStore()
  const amt = Amt.create(store, { value: uintCodec })
  for (let i = 0; i < 4096; i++) amt.set(i, i)
  const before = amt.flush()
  amt.set(4095, 0)
  const after = amt.flush()
  blocks.reads = 0
  const a = Amt.load(store, before, { value: uintCodec })
  const b = Amt.load(store, after, { value: uintCodec })
  expect([...a.diff(b)]).toEqual([{ index: 4095n, before: 4095, after: 0 }])
  expect(blocks.reads).toBe(2 + 2 * 3)
})

test('AMTs of different bit widths have no diff', () => {
  expectCode(() => [...amtOf([], 3).diff(amtOf([], 5))], 'amt/bad-options')
})
