import type { Cid } from '@troupe/ipld'
import { Amt } from '@troupe/ipld/amt'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { uintCodec } from './test-codecs.ts'
import { cachingStore } from './tracking-store.ts'

/** Near indices, so that they collide, and one far one at every power of two, so that the tree grows and falls. */
const index = fc.oneof(
  fc.bigInt({ min: 0n, max: 30n }),
  fc
    .tuple(fc.integer({ min: 0, max: 63 }), fc.bigInt({ min: 0n, max: 3n }))
    .map(([bit, more]) => (1n << BigInt(bit)) + more),
)

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('set' as const), index, value: fc.nat({ max: 5 }) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('delete' as const), index }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('flush' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reload' as const) }) },
)

const bitWidth = fc.integer({ min: 1, max: 9 })

function sorted(model: Map<bigint, number>): [bigint, number][] {
  return [...model].sort(([a], [b]) => (a < b ? -1 : 1))
}

/** The root of an AMT to which the entries are added in this order. */
function rootOf(entries: Iterable<[bigint, number]>, width: number): Cid {
  const amt = Amt.create(cachingStore().store, { value: uintCodec, bitWidth: width })
  for (const [at, value] of entries) amt.set(at, value)
  return amt.flush()
}

test('an AMT is a map from indices to values, whose root depends on its entries alone', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), bitWidth, (steps, width) => {
      const { store } = cachingStore()
      let amt = Amt.create<number>(store, { value: uintCodec, bitWidth: width })
      const model = new Map<bigint, number>()
      for (const each of steps) {
        if (each.kind === 'set') {
          amt.set(each.index, each.value)
          model.set(each.index, each.value)
        } else if (each.kind === 'delete') {
          expect(amt.delete(each.index)).toBe(model.get(each.index))
          model.delete(each.index)
        } else {
          const root = amt.flush()
          if (each.kind === 'reload') amt = Amt.load(store, root, { value: uintCodec, bitWidth: width })
        }
        expect(amt.count).toBe(BigInt(model.size))
      }
      for (const [at, value] of model) expect(amt.get(at)).toBe(value)
      expect([...amt.entries()]).toEqual(sorted(model))
      expect(`${amt.flush()}`).toBe(`${rootOf(sorted(model).reverse(), width)}`)
    }),
    { seed: 5, numRuns: 250 },
  )
})

test('the order in which entries are added does not matter', () => {
  const entries = fc.uniqueArray(fc.tuple(index, fc.nat()), { selector: ([at]) => at, maxLength: 30 })
  const shuffled = entries.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
  )
  fc.assert(
    fc.property(shuffled, bitWidth, ([one, other], width) => {
      expect(`${rootOf(one, width)}`).toBe(`${rootOf(other, width)}`)
    }),
    { seed: 6, numRuns: 100 },
  )
})

test('an AMT from which everything is deleted is the empty one', () => {
  fc.assert(
    fc.property(fc.uniqueArray(index, { maxLength: 30 }), bitWidth, (indices, width) => {
      const amt = Amt.create<number>(cachingStore().store, { value: uintCodec, bitWidth: width })
      for (const at of indices) amt.set(at, 1)
      amt.flush()
      for (const at of indices) expect(amt.delete(at)).toBe(1)
      expect([amt.count, amt.height]).toEqual([0n, 0])
      expect(`${amt.flush()}`).toBe(`${rootOf([], width)}`)
    }),
    { seed: 8, numRuns: 100 },
  )
})
