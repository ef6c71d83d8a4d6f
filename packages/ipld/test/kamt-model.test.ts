import type { Cid } from '@troupe/ipld'
import { Kamt, type KamtOptions, u256Keys } from '@troupe/ipld/kamt'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { uintCodec } from './test-codecs.ts'
import { cachingStore } from './tracking-store.ts'

/** Keys that collide: few low bits, sometimes with a single high one. */
const key = fc
  .tuple(
    fc.bigInt({ min: 0n, max: 20n }),
    fc.oneof(
      { weight: 2, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.nat({ max: 255 }) },
    ),
  )
  .map(([low, bit]) => (bit === undefined ? low : low ^ (1n << BigInt(bit))))

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('set' as const), key, value: fc.nat({ max: 5 }) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('delete' as const), key }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('flush' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reload' as const) }) },
)

const options: fc.Arbitrary<KamtOptions<bigint, number>> = fc
  .record({
    bitWidth: fc.integer({ min: 1, max: 8 }),
    minDataDepth: fc.integer({ min: 0, max: 2 }),
    maxArrayWidth: fc.integer({ min: 1, max: 4 }),
  })
  .map((form) => ({ keys: u256Keys, value: uintCodec, ...form }))

function rootOf(entries: Iterable<readonly [bigint, number]>, form: KamtOptions<bigint, number>): Cid {
  const kamt = Kamt.create(cachingStore().store, form)
  for (const [each, value] of entries) kamt.set(each, value)
  return kamt.flush()
}

test('a KAMT is a map, whose root depends on its entries alone', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), options, (steps, form) => {
      const { store } = cachingStore()
      let kamt = Kamt.create(store, form)
      const model = new Map<bigint, number>()
      for (const each of steps) {
        if (each.kind === 'set') {
          expect(kamt.set(each.key, each.value)).toBe(model.get(each.key))
          model.set(each.key, each.value)
        } else if (each.kind === 'delete') {
          expect(kamt.delete(each.key)).toBe(model.get(each.key))
          model.delete(each.key)
        } else {
          const root = kamt.flush()
          if (each.kind === 'reload') kamt = Kamt.load(store, root, form)
        }
        expect(kamt.isEmpty).toBe(model.size === 0)
      }
      const sorted = [...model].sort(([a], [b]) => (a < b ? -1 : 1))
      for (const [each, value] of sorted) expect(kamt.get(each)).toBe(value)
      expect([...kamt.entries()]).toEqual(sorted)
      expect(`${kamt.flush()}`).toBe(`${rootOf(sorted.reverse(), form)}`)
    }),
    { seed: 21, numRuns: 250 },
  )
})

test('the order in which entries are added does not matter', () => {
  const entries = fc.uniqueArray(fc.tuple(key, fc.nat()), { selector: ([each]) => each, maxLength: 30 })
  const shuffled = entries.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
  )
  fc.assert(
    fc.property(shuffled, options, ([one, other], form) => {
      expect(`${rootOf(one, form)}`).toBe(`${rootOf(other, form)}`)
    }),
    { seed: 22, numRuns: 100 },
  )
})

test('a KAMT from which everything is deleted is the empty one', () => {
  fc.assert(
    fc.property(fc.uniqueArray(key, { maxLength: 30 }), options, (keys, form) => {
      const kamt = Kamt.create(cachingStore().store, form)
      for (const each of keys) kamt.set(each, 1)
      kamt.flush()
      for (const each of keys) expect(kamt.delete(each)).toBe(1)
      expect(`${kamt.flush()}`).toBe(`${rootOf([], form)}`)
    }),
    { seed: 23, numRuns: 100 },
  )
})
