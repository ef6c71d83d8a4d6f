import { loadCrypto } from '@troupe/crypto'
import { CborStore, MemoryBlockstore } from '@troupe/ipld'
import { Hamt } from '@troupe/ipld/hamt'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  compareEntries,
  compareKeys,
  countEntries,
  createEntry,
  findEntry,
  type HamtEntry,
  keyOf,
  withEntry,
  withoutEntry,
} from '../src/hamt/entry.ts'
import { toHex } from './hex.ts'
import { uintCodec } from './test-codecs.ts'

const crypto = await loadCrypto()

/** Keys around the length up to which they stand in the entry, of few bytes, so that prefixes, zeros and long common beginnings are frequent. */
const keys = fc
  .array(fc.constantFrom(0, 0, 0, 1, 0x80, 0xff), { maxLength: 12 })
  .map((bytes) => Uint8Array.from(bytes))

function entriesOf(first: HamtEntry<number> | undefined): [key: string, value: number][] {
  const entries: [string, number][] = []
  for (let entry = first; entry !== undefined; entry = entry.next)
    entries.push([toHex(keyOf(entry)), entry.value])
  return entries
}

describe('an entry', () => {
  test('gives back its key, whatever its length, and no part of the array it came from', () => {
    for (let length = 0; length <= 40; length++) {
      const key = Uint8Array.from({ length }, (_, i) => 0xff - i)
      const entry = createEntry(key, 0)
      key.fill(7)
      const expected = Uint8Array.from({ length }, (_, i) => 0xff - i)
      expect(keyOf(entry)).toEqual(expected)
      keyOf(entry).fill(7)
      expect(keyOf(entry)).toEqual(expected)
    }
  })

  test('stands in order as its key does, and is found by its key only', () => {
    fc.assert(
      fc.property(keys, keys, (a, b) => {
        const order = compareKeys(a, b)
        expect(Math.sign(compareEntries(createEntry(a, 1), createEntry(b, 2)))).toBe(Math.sign(order))
        expect(findEntry(createEntry(a, 1), b)?.value).toBe(order === 0 ? 1 : undefined)
      }),
      { seed: 1, numRuns: 2_000 },
    )
  })
})

describe('a bucket', () => {
  test('behaves as a sorted map, and none is changed by what is made of it', () => {
    const steps = fc.array(fc.tuple(fc.boolean(), keys, fc.nat(9)), { maxLength: 30 })
    fc.assert(
      fc.property(steps, (operations) => {
        const model = new Map<string, number>()
        let bucket: HamtEntry<number> | undefined
        for (const [removes, key, value] of operations) {
          const before = entriesOf(bucket)
          const old: HamtEntry<number> | undefined = bucket
          const found = old && findEntry(old, key)
          expect(found?.value).toBe(model.get(toHex(key)))
          if (!removes) {
            bucket = old === undefined ? createEntry(key, value) : withEntry(old, createEntry(key, value))
            model.set(toHex(key), value)
          } else if (old !== undefined && found !== undefined) {
            bucket = withoutEntry(old, createEntry(key, -1))
            model.delete(toHex(key))
          }
          expect(entriesOf(old)).toEqual(before)
          // Two digits a byte: text is in the order of the bytes.
          expect(entriesOf(bucket)).toEqual([...model].sort(([a], [b]) => (a < b ? -1 : 1)))
          if (bucket !== undefined) expect(countEntries(bucket)).toBe(model.size)
        }
      }),
      { seed: 2, numRuns: 300 },
    )
  })

  test.each([1, 3, 1_000])(
    'of at most %i entries keeps similar keys apart, and through a store',
    (maxBucket) => {
      const options = { bitWidth: 3, value: uintCodec, maxBucket, hash: 'sha2-256' } as const
      fc.assert(
        fc.property(fc.array(fc.tuple(keys, fc.nat(9)), { maxLength: 40 }), (pairs) => {
          const store = new CborStore(new MemoryBlockstore(), crypto)
          const hamt = Hamt.create(store, options)
          for (const [key, value] of pairs) hamt.set(key, value)
          const model = new Map(pairs.map(([key, value]) => [toHex(key), value]))
          // A store of its own has no nodes in its cache.
          const loaded = Hamt.load(new CborStore(store.blocks, crypto), hamt.flush(), options)
          for (const map of [hamt, loaded]) {
            for (const [key] of pairs) expect(map.get(key)).toBe(model.get(toHex(key)))
            expect(new Map([...map.entries()].map(([key, value]) => [toHex(key), value]))).toEqual(model)
          }
          const other = Hamt.create(store, options)
          for (const [key, value] of [...pairs].reverse()) other.setIfAbsent(key, value)
          expect(other.flush()).toEqual(hamt.root)
          for (const [key] of pairs) expect(other.delete(key)).toBe(model.delete(toHex(key)))
          expect(other.isEmpty).toBe(true)
        }),
        { seed: 3, numRuns: 60 },
      )
    },
  )

  test.each([1, 3])('is written as it was where nothing has changed it, in buckets of %i', (maxBucket) => {
    const options = { bitWidth: 3, value: uintCodec, maxBucket, hash: 'sha2-256' } as const
    const steps = fc.array(fc.tuple(keys, fc.option(fc.nat(70_000)), fc.boolean()), { maxLength: 60 })
    fc.assert(
      fc.property(steps, (changes) => {
        const store = new CborStore(new MemoryBlockstore(), crypto)
        const model = new Map<string, [Uint8Array, number]>()
        let hamt = Hamt.create(store, options)
        for (const [key, value, isLoaded] of changes) {
          if (value === null) {
            hamt.delete(key)
            model.delete(toHex(key))
          } else {
            hamt.set(key, value)
            model.set(toHex(key), [key, value])
          }
          const root = hamt.flush()
          // Entries of one block are part of several nodes, and of several maps.
          if (isLoaded) hamt = Hamt.load(store, root, options)
          const fresh = Hamt.create(new CborStore(new MemoryBlockstore(), crypto), options)
          for (const pair of model.values()) fresh.set(...pair)
          expect(root).toEqual(fresh.flush())
        }
      }),
      { seed: 4, numRuns: 20 },
    )
  })
})
