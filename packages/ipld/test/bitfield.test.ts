import { Bitfield, MAX_BIT } from '@troupe/ipld/bitfield'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expectCode } from './codes.ts'

const RUNS = { seed: 3, numRuns: 300 }

/** Ranges as the reference's tests write them: `[start, end]`. */
function ofRanges(ranges: number[][]): Bitfield {
  return Bitfield.fromRanges(ranges.map(([start = 0, end = 0]) => ({ start, end })))
}

function toRanges(bitfield: Bitfield): number[][] {
  return Array.from(bitfield.ranges(), ({ start, end }) => [Number(start), Number(end)])
}

function toBits(bitfield: Bitfield): number[] {
  return Array.from(bitfield.bits(), Number)
}

describe('set operations', () => {
  // The table of ref-fvm ipld/bitfield/src/iter/mod.rs, `test_combinators`.
  test.each([
    {
      left: [[2, 5]],
      right: [],
      union: [[2, 5]],
      both: [],
      difference: [[2, 5]],
      either: [[2, 5]],
      cut: [[2, 5]],
    },
    {
      left: [
        [0, 3],
        [10, 13],
      ],
      right: [[5, 8]],
      union: [
        [0, 3],
        [5, 8],
        [10, 13],
      ],
      both: [],
      difference: [
        [0, 3],
        [10, 13],
      ],
      either: [
        [0, 3],
        [5, 8],
        [10, 13],
      ],
      cut: [
        [0, 3],
        [7, 10],
      ],
    },
    {
      left: [
        [0, 3],
        [8, 11],
      ],
      right: [[2, 5]],
      union: [
        [0, 5],
        [8, 11],
      ],
      both: [[2, 3]],
      difference: [
        [0, 2],
        [8, 11],
      ],
      either: [
        [0, 2],
        [3, 5],
        [8, 11],
      ],
      cut: [
        [0, 2],
        [5, 8],
      ],
    },
    {
      left: [
        [0, 3],
        [4, 7],
        [8, 11],
      ],
      right: [
        [2, 5],
        [6, 9],
        [10, 13],
      ],
      union: [[0, 13]],
      both: [
        [2, 3],
        [4, 5],
        [6, 7],
        [8, 9],
        [10, 11],
      ],
      difference: [
        [0, 2],
        [5, 6],
        [9, 10],
      ],
      either: [
        [0, 2],
        [3, 4],
        [5, 6],
        [7, 8],
        [9, 10],
        [11, 13],
      ],
      cut: [[0, 4]],
    },
    {
      left: [[0, 6]],
      right: [[1, 3]],
      union: [[0, 6]],
      both: [[1, 3]],
      difference: [
        [0, 1],
        [3, 6],
      ],
      either: [
        [0, 1],
        [3, 6],
      ],
      cut: [[0, 4]],
    },
    {
      left: [[0, 6]],
      right: [
        [1, 3],
        [5, 7],
        [9, 11],
      ],
      union: [
        [0, 7],
        [9, 11],
      ],
      both: [
        [1, 3],
        [5, 6],
      ],
      difference: [
        [0, 1],
        [3, 5],
      ],
      either: [
        [0, 1],
        [3, 5],
        [6, 7],
        [9, 11],
      ],
      cut: [[0, 3]],
    },
    {
      left: [[3, 6]],
      right: [
        [0, 2],
        [4, 5],
        [8, 10],
      ],
      union: [
        [0, 2],
        [3, 6],
        [8, 10],
      ],
      both: [[4, 5]],
      difference: [
        [3, 4],
        [5, 6],
      ],
      either: [
        [0, 2],
        [3, 4],
        [5, 6],
        [8, 10],
      ],
      cut: [[1, 3]],
    },
    {
      left: [
        [3, 6],
        [8, 10],
      ],
      right: [
        [2, 7],
        [8, 11],
      ],
      union: [
        [2, 7],
        [8, 11],
      ],
      both: [
        [3, 6],
        [8, 10],
      ],
      difference: [],
      either: [
        [2, 3],
        [6, 7],
        [10, 11],
      ],
      cut: [],
    },
    {
      left: [
        [3, 6],
        [8, 10],
      ],
      right: [[2, 4]],
      union: [
        [2, 6],
        [8, 10],
      ],
      both: [[3, 4]],
      difference: [
        [4, 6],
        [8, 10],
      ],
      either: [
        [2, 3],
        [4, 6],
        [8, 10],
      ],
      cut: [
        [2, 4],
        [6, 8],
      ],
    },
  ])('of $left and $right', ({ left, right, union, both, difference, either, cut }) => {
    const a = ofRanges(left)
    const b = ofRanges(right)
    expect(toRanges(a.union(b))).toEqual(union)
    expect(toRanges(b.union(a))).toEqual(union)
    expect(toRanges(a.intersection(b))).toEqual(both)
    expect(toRanges(b.intersection(a))).toEqual(both)
    expect(toRanges(a.difference(b))).toEqual(difference)
    expect(toRanges(a.symmetricDifference(b))).toEqual(either)
    expect(toRanges(a.cut(b))).toEqual(cut)
  })

  test('agree with sets of numbers', () => {
    const bits = fc.array(fc.nat({ max: 60 }), { maxLength: 40 })
    fc.assert(
      fc.property(bits, bits, (xs, ys) => {
        const a = Bitfield.fromBits(xs)
        const b = Bitfield.fromBits(ys)
        const setA = new Set(xs)
        const setB = new Set(ys)
        const sorted = (set: Set<number>): number[] => [...set].sort((x, y) => x - y)
        expect(toBits(a)).toEqual(sorted(setA))
        expect(toBits(a.union(b))).toEqual(sorted(setA.union(setB)))
        expect(toBits(a.intersection(b))).toEqual(sorted(setA.intersection(setB)))
        expect(toBits(a.difference(b))).toEqual(sorted(setA.difference(setB)))
        expect(toBits(a.symmetricDifference(b))).toEqual(sorted(setA.symmetricDifference(setB)))
        const moved = sorted(setA.difference(setB)).map(
          (bit) => bit - ys.filter((y, i) => ys.indexOf(y) === i && y < bit).length,
        )
        expect(toBits(a.cut(b))).toEqual(moved)
        expect(a.containsAny(b)).toBe(!setA.isDisjointFrom(setB))
        expect(a.containsAll(b)).toBe(setB.isSubsetOf(setA))
        expect(a.equals(b)).toBe(setA.size === setB.size && setB.isSubsetOf(setA))
        expect(a.count).toBe(BigInt(setA.size))
        expect(toBits(Bitfield.union([a, b, a]))).toEqual(sorted(setA.union(setB)))
      }),
      RUNS,
    )
  })

  test('leave their operands as they are', () => {
    const a = Bitfield.fromBits([1, 2, 3])
    const b = Bitfield.fromBits([1, 3, 4])
    const union = a.union(b)
    union.set(9)
    expect(toBits(a)).toEqual([1, 2, 3])
    expect(toBits(b)).toEqual([1, 3, 4])
  })

  test('subtract more than there is', () => {
    // ref-fvm ipld/bitfield/tests/bitfield_tests.rs, `subtract_more`
    const have = Bitfield.fromBits([5, 6, 8, 10, 11, 13, 14, 17])
    const parts = [
      [5, 6],
      [8, 10],
      [11, 13],
      [14, 17],
    ].map((bits) => Bitfield.fromBits(bits).difference(have))
    expect(Bitfield.union(parts).count).toBe(0n)
  })
})

describe('single bits', () => {
  test('agree with a set of numbers under any changes', () => {
    const change = fc.record({ add: fc.boolean(), bit: fc.nat({ max: 24 }) })
    fc.assert(
      fc.property(fc.array(change, { maxLength: 80 }), (changes) => {
        const bitfield = Bitfield.empty()
        const model = new Set<number>()
        for (const { add, bit } of changes) {
          if (add) {
            bitfield.set(bit)
            model.add(bit)
          } else {
            bitfield.unset(bit)
            model.delete(bit)
          }
          expect(bitfield.has(bit)).toBe(add)
        }
        const sorted = [...model].sort((x, y) => x - y)
        expect(toBits(bitfield)).toEqual(sorted)
        expect(bitfield.first).toBe(sorted.length > 0 ? BigInt(sorted[0] as number) : undefined)
        expect(bitfield.last).toBe(sorted.length > 0 ? BigInt(sorted.at(-1) as number) : undefined)
        expect(bitfield.isEmpty).toBe(sorted.length === 0)
        // Whatever the way there, equal sets are equal in ranges and in bytes.
        expect(bitfield.equals(Bitfield.fromBits(sorted))).toBe(true)
        expect(bitfield.encode()).toEqual(Bitfield.fromBits(sorted).encode())
        expect(Bitfield.decode(bitfield.encode()).equals(bitfield)).toBe(true)
      }),
      RUNS,
    )
  })

  test('join and split ranges', () => {
    // ref-fvm ipld/bitfield/tests/bitfield_tests.rs, `ranges`
    const bitfield = Bitfield.fromBits([2, 3, 4, 6, 7, 9, 12, 13])
    const count = (): number => [...bitfield.ranges()].length
    expect(count()).toBe(4)
    bitfield.set(5)
    expect(count()).toBe(3)
    bitfield.unset(4)
    expect(count()).toBe(4)
    bitfield.unset(2)
    expect(count()).toBe(4)
  })

  test('reach from 0 to 2^64 - 2', () => {
    // ref-fvm ipld/bitfield/tests/bitfield_tests.rs, `exceeds_bitfield_range`
    const bitfield = Bitfield.fromBits([0, MAX_BIT])
    expect(bitfield.last).toBe(2n ** 64n - 2n)
    expect(bitfield.count).toBe(2n)
    expectCode(() => bitfield.set(MAX_BIT + 1n), 'bitfield/out-of-range')
    expectCode(() => Bitfield.fromBits([0, 1, 4, 99, MAX_BIT + 1n]), 'bitfield/out-of-range')
    bitfield.unset(MAX_BIT + 1n)
    expect(bitfield.has(MAX_BIT + 1n)).toBe(false)
    expect(bitfield.count).toBe(2n)
  })

  test.each([[-1], [1.5], [Number.NaN], [2 ** 53], [-1n], [2n ** 64n]])('are not at %s', (bit) => {
    expectCode(() => Bitfield.empty().set(bit), 'bitfield/out-of-range')
    expectCode(() => Bitfield.empty().has(bit), 'bitfield/out-of-range')
  })

  test('unset the highest of a range and the last of all', () => {
    const bitfield = Bitfield.fromRanges([{ start: 10, end: 20 }])
    bitfield.unset(19)
    expect(bitfield.last).toBe(18n)
    for (let bit = 10; bit < 19; bit++) bitfield.unset(bit)
    expect(bitfield.isEmpty).toBe(true)
    expect(bitfield.last).toBeUndefined()
  })

  test('of a copy are its own', () => {
    const bitfield = Bitfield.fromBits([1])
    const copy = bitfield.clone()
    copy.set(2)
    expect(toBits(bitfield)).toEqual([1])
    expect(toBits(copy)).toEqual([1, 2])
  })
})

describe('ranges', () => {
  test('may touch, and join', () => {
    expect(
      toRanges(
        ofRanges([
          [1, 2],
          [2, 4],
          [6, 7],
        ]),
      ),
    ).toEqual([
      [1, 4],
      [6, 7],
    ])
  })

  test.each([
    ['empty', [[3, 3]]],
    ['backwards', [[3, 2]]],
    [
      'overlapping',
      [
        [1, 4],
        [3, 5],
      ],
    ],
    [
      'descending',
      [
        [5, 6],
        [1, 2],
      ],
    ],
  ])('are refused where they are %s', (_, ranges) => {
    expectCode(() => ofRanges(ranges), 'bitfield/out-of-range')
  })
})

describe('slices', () => {
  test('take members by number', () => {
    // ref-fvm ipld/bitfield/tests/bitfield_tests.rs, `bitfield_slice_small`
    const bits = [1, 5, 6, 7, 10, 11, 12, 15]
    const bitfield = Bitfield.fromBits(bits)
    for (let start = 0; start <= bits.length; start++) {
      for (let length = 0; length <= bits.length - start; length++) {
        expect(toBits(bitfield.slice(start, length) as Bitfield)).toEqual(bits.slice(start, start + length))
      }
      expect(bitfield.slice(start, bits.length - start + 1)).toBeUndefined()
    }
  })

  test('of huge sets cost no more than their ranges', () => {
    const all = Bitfield.fromRanges([{ start: 0n, end: 2n ** 64n - 1n }])
    expect([...(all.slice(2n ** 63n, 2n) as Bitfield).bits()]).toEqual([2n ** 63n, 2n ** 63n + 1n])
    expect(all.count).toBe(2n ** 64n - 1n)
  })
})

test('bits are given as a list only within a bound', () => {
  const bitfield = Bitfield.fromBits([1, 2, 9])
  expect(bitfield.boundedBits(3)).toEqual([1n, 2n, 9n])
  expect(bitfield.boundedBits(2)).toBeUndefined()
  expect(Bitfield.fromRanges([{ start: 0n, end: 2n ** 63n }]).boundedBits(1000)).toBeUndefined()
})
