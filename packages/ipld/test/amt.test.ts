/** Roots and counts of reads and writes are those of ref-fvm ipld/amt/tests/amt_tests.rs; the test there is named in each test here. */
import { Amt, MAX_AMT_INDEX } from '@troupe/ipld/amt'
import { describe, expect, test } from 'vitest'
import { expectCode } from './codes.ts'
import { ascii, bytesCodec, textCodec, uintCodec } from './test-codecs.ts'
import { cachingStore, trackingStore } from './tracking-store.ts'

const OPTIONS = { value: bytesCodec }

describe('an AMT, as the reference makes it', () => {
  test('of one value', () => {
    // basic_get_set
    const { store, blocks } = trackingStore()
    const amt = Amt.create(store, OPTIONS)
    amt.set(2, ascii('foo'))
    expect(amt.get(2)).toEqual(ascii('foo'))
    expect(amt.count).toBe(1n)
    const root = amt.flush()
    expect(Amt.load(store, root, OPTIONS).get(2)).toEqual(ascii('foo'))
    expect(`${amt.flush()}`).toBe('bafy2bzacedv5uu5za6oqtnozjvju5lhbgaybayzhw4txiojw7hd47ktgbv5wc')
    expect(blocks.counts).toEqual([1, 1, 13, 13])
  })

  test('of version 0', () => {
    // legacy_amtv0_basic_get_set
    const { store, blocks } = trackingStore()
    const options = { ...OPTIONS, version: 0 as const }
    const amt = Amt.create(store, options)
    amt.set(2, ascii('foo'))
    const root = amt.flush()
    expect(Amt.load(store, root, options).get(2)).toEqual(ascii('foo'))
    expect(`${root}`).toBe('bafy2bzaceansvim5z2rzifilsbzsjuoul2adx7iad7x3b4paj3qsexqf6ovxk')
    expect(blocks.counts).toEqual([1, 1, 12, 12])
  })

  test('with the highest index', () => {
    // out_of_range
    const { store, blocks } = trackingStore()
    const amt = Amt.create(store, OPTIONS)
    amt.set(MAX_AMT_INDEX, ascii('what is up'))
    expect(amt.height).toBe(21)
    expectCode(() => amt.set(MAX_AMT_INDEX + 1n, ascii('what is up')), 'amt/out-of-range')
    amt.set(MAX_AMT_INDEX - 1n, ascii('what is up'))
    expect(amt.height).toBe(21)
    expect(`${amt.flush()}`).toBe('bafy2bzacecl3zuubhdvkojg6uhbu4mebaehx554q6algfjitqiivvnrqprkxo')
    expect(blocks.counts).toEqual([0, 22, 0, 1039])
  })

  test('that has grown', () => {
    // expand
    const { store, blocks } = trackingStore()
    const amt = Amt.create(store, OPTIONS)
    const entries = { 2: 'foo', 11: 'bar', 79: 'baz' }
    for (const [index, text] of Object.entries(entries)) amt.set(Number(index), ascii(text))
    const root = amt.flush()
    const loaded = Amt.load(store, root, OPTIONS)
    for (const [index, text] of Object.entries(entries))
      expect(loaded.get(Number(index))).toEqual(ascii(text))
    expect(`${root}`).toBe('bafy2bzacecughjbclx3lbqwibrwc6pe7nttlc3qewedsrayghsvh5j5lpofiq')
    expect(blocks.counts).toEqual([6, 6, 261, 261])
  })

  test('of 5,000 values', () => {
    // bulk_insert
    const { store, blocks } = trackingStore()
    const amt = Amt.create(store, OPTIONS)
    amt.batchSet(Array.from({ length: 5000 }, () => ascii('foo foo bar')))
    expect(amt.count).toBe(5000n)
    const root = amt.flush()
    const loaded = Amt.load(store, root, OPTIONS)
    for (let i = 0; i < 5000; i++) expect(loaded.get(i)).toEqual(ascii('foo foo bar'))
    expect(`${root}`).toBe('bafy2bzacecfquuqzqzlox25aynodzw2qhxijdzfvno6tibyes3kb6nd3f7uxa')
    expect(blocks.counts).toEqual([717, 717, 94379, 94379])
  })

  test('that is read after it was written reads nothing', () => {
    // flush_read
    const { store, blocks } = trackingStore()
    const amt = Amt.create(store, OPTIONS)
    for (let i = 0; i < 100; i++) amt.set(i, ascii('foo foo bar'))
    amt.flush()
    for (let i = 0; i < 100; i++) expect(amt.get(i)).toEqual(ascii('foo foo bar'))
    expect(blocks.counts).toEqual([0, 16, 0, 1930])
  })

  test('from which most is deleted', () => {
    // delete
    const { store, blocks } = trackingStore()
    const amt = Amt.create(store, OPTIONS)
    for (let i = 0; i < 4; i++) amt.set(i, ascii('cat'))
    expect(amt.delete(1)).toEqual(ascii('cat'))
    expect(amt.get(1)).toBeUndefined()
    expect(amt.count).toBe(3n)
    for (const i of [0, 2, 3]) amt.delete(i)
    expect(amt.count).toBe(0n)
    amt.set(23, ascii('dog'))
    amt.set(24, ascii('dog'))
    amt.delete(23)
    const root = amt.flush()
    expect(Amt.load(store, root, OPTIONS).count).toBe(1n)

    const other = Amt.create(store, OPTIONS)
    other.set(24, ascii('dog'))
    expect(`${other.flush()}`).toBe(`${root}`)
    expect(`${root}`).toBe('bafy2bzacebnnxpurpb3zqqr22i7ch4uruz6hgykn3ryzoo4hh3ox2m2kufsvg')
    expect(blocks.counts).toEqual([1, 4, 52, 122])
  })

  test('that becomes lower as its far entry goes', () => {
    // delete_first_entry
    const { store, blocks } = trackingStore()
    const amt = Amt.create(store, OPTIONS)
    amt.set(0, ascii('cat'))
    amt.set(27, ascii('cat'))
    expect(amt.height).toBe(1)
    amt.delete(27)
    const root = amt.flush()
    const loaded = Amt.load(store, root, OPTIONS)
    expect([loaded.count, loaded.height]).toEqual([1n, 0])
    expect(`${root}`).toBe('bafy2bzacecmxrjeri2ojuy3riae2mpbnztx2hqggqgkcrxao2nwpga77j2vqe')
    expect(blocks.counts).toEqual([1, 1, 13, 13])
  })

  test('that becomes lower after it was loaded', () => {
    // delete_reduce_height
    const { store, blocks } = trackingStore()
    const amt = Amt.create(store, OPTIONS)
    amt.set(1, ascii('thing'))
    const low = amt.flush()
    amt.set(37, ascii('other'))
    const loaded = Amt.load(store, amt.flush(), OPTIONS)
    expect([loaded.count, loaded.height]).toEqual([2n, 1])
    expect(loaded.delete(37)).toEqual(ascii('other'))
    expect([loaded.count, loaded.height]).toEqual([1n, 0])
    expect(`${loaded.flush()}`).toBe(`${low}`)
    expect(`${low}`).toBe('bafy2bzacebmkyah6kppbszluix3g332hntzx6wfdcqcr5hjdsaxri5jhgrdmo')
    expect(blocks.counts).toEqual([3, 5, 117, 147])
  })

  test('of every third index, walked', () => {
    // for_each
    const { store, blocks } = trackingStore()
    const amt = Amt.create(store, OPTIONS)
    const indices: number[] = []
    for (let i = 2; i < 10000; i += 3) indices.push(i)
    for (const i of indices) amt.set(i, ascii('value'))
    const root = amt.flush()
    const loaded = Amt.load(store, root, OPTIONS)
    expect(loaded.count).toBe(BigInt(indices.length))
    expect(Array.from(loaded.entries(), ([index]) => Number(index))).toEqual(indices)
    expect([...loaded.entries()]).toHaveLength(indices.length)
    expect(`${root}`).toBe('bafy2bzaceanqxtbsuyhqgxubiq6vshtbhktmzp2if4g6kxzttxmzkdxmtipcm')
    expect(blocks.counts).toEqual([1431, 1431, 88649, 88649])
  })

  test('of sparse indices', () => {
    // for_each_mutate
    const { store } = trackingStore()
    const amt = Amt.create(store, OPTIONS)
    for (const i of [1, 9, 66, 74, 82, 515]) amt.set(i, ascii('value'))
    expect(`${amt.flush()}`).toBe('bafy2bzaced44wtasbcukqjqicvxzcyn5up6sorr5khzbdkl6zjeo736f377ew')
  })

  test('that is empty, at first and again', () => {
    // delete_bug_test
    const { store, blocks } = trackingStore()
    const amt = Amt.create(store, OPTIONS)
    const empty = amt.flush()
    amt.set(100_000, ascii('foo'))
    amt.delete(100_000)
    expect(`${empty}`).toBe('bafy2bzacedijw74yui7otvo63nfl3hdq2vdzuy7wx2tnptwed6zml4vvz7wee')
    expect(`${amt.flush()}`).toBe(`${empty}`)
    expect(blocks.counts).toEqual([0, 2, 0, 18])
  })

  test('stays as it is where nothing is deleted', () => {
    // delete_fail_check
    const { store } = trackingStore()
    const amt = Amt.create(store, { value: textCodec })
    amt.set(1, 'one')
    amt.set(9, 'nine')
    expect([amt.height, amt.count]).toEqual([1, 2n])
    expect(amt.delete(10)).toBeUndefined()
    expect(amt.delete(0)).toBeUndefined()
    expect(amt.delete(1_000_000)).toBeUndefined()
    expect([amt.height, amt.count, amt.get(1), amt.get(9)]).toEqual([1, 2n, 'one', 'nine'])
  })
})

describe('walking an AMT', () => {
  test('starts anywhere', () => {
    // for_each_ranged
    const { store } = trackingStore()
    const amt = Amt.create(store, { value: uintCodec })
    for (let i = 0; i < 1000; i++) amt.set(i, i)
    const loaded = Amt.load(store, amt.flush(), { value: uintCodec })
    for (let i = 0; i < 1000; i += 10) for (let j = i; j < i + 10 && (i / 10) % 2 === 0; j++) loaded.delete(j)
    const left = Array.from({ length: 1000 }, (_, i) => i).filter((i) => Math.floor(i / 10) % 2 === 1)
    for (const start of [
      0, 1, 7, 8, 9, 10, 63, 64, 500, 511, 512, 513, 989, 990, 999, 1000, 4095, 4096, 1e9,
    ]) {
      const walked = Array.from(loaded.entries(start), ([index, value]) => [Number(index), value])
      expect(walked).toEqual(left.filter((i) => i >= start).map((i) => [i, i]))
    }
  })

  test('reads only what comes after the start', () => {
    const { store, blocks } = trackingStore()
    const amt = Amt.create(store, { value: uintCodec })
    for (let i = 0; i < 512; i++) amt.set(i, i)
    const loaded = Amt.load(store, amt.flush(), { value: uintCodec })
    blocks.reads = 0
    expect([...loaded.entries(511)]).toEqual([[511n, 511]])
    expect(blocks.reads).toBe(2)
  })

  test('gives nothing for an empty one, and ends at the highest index', () => {
    // iter.rs, check_iter_empty and check_iter_high_keys
    const { store } = trackingStore()
    const amt = Amt.create(store, { value: textCodec, bitWidth: 1 })
    amt.set(0, 'foo')
    amt.delete(0)
    expect([...amt.entries()]).toEqual([])
    for (let back = 0n; back <= 10n; back++) {
      const high = Amt.create(store, { value: textCodec, bitWidth: 8 })
      for (let i = 2n; i >= 0n; i--) high.set(MAX_AMT_INDEX - back - i, 'foo')
      const from = MAX_AMT_INDEX - back - 1n
      expect(Array.from(high.entries(from), ([index]) => index)).toEqual([from, from + 1n])
    }
  })
})

describe('the indices of an AMT', () => {
  test.each([[-1], [0.5], [Number.NaN], [2 ** 53], [-1n], [2n ** 64n - 1n]])('are refused at %s', (index) => {
    const amt = Amt.create(trackingStore().store, { value: uintCodec })
    for (const action of [
      () => amt.get(index),
      () => amt.set(index, 1),
      () => amt.delete(index),
      () => [...amt.entries(index)],
    ]) {
      expectCode(action, 'amt/out-of-range')
    }
  })

  test('mean the same as number and as bigint', () => {
    const { store } = trackingStore()
    const roots = [(i: number) => i, (i: number) => BigInt(i)].map((form) => {
      const amt = Amt.create<number>(store, { value: uintCodec })
      for (const i of [0, 7, 8, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER]) amt.set(form(i), 1)
      amt.delete(form(8))
      return `${amt.flush()}`
    })
    expect(roots[0]).toBe(roots[1])
  })
})

describe('the node cache', () => {
  test('answers for nodes that were read with the same codec', () => {
    const { store, blocks } = cachingStore()
    const amt = Amt.create(store, { value: uintCodec })
    for (let i = 0; i < 512; i++) amt.set(i, i)
    const root = amt.flush()
    const sum = (): number =>
      Array.from(Amt.load(store, root, { value: uintCodec }).entries(), ([, v]) => v).reduce((a, b) => a + b)
    expect(sum()).toBe((511 * 512) / 2)
    const reads = blocks.reads
    expect(sum()).toBe((511 * 512) / 2)
    expect(blocks.reads).toBe(reads + 1)
    const raw = Amt.load(store, root, { value: { ...uintCodec, decode: (reader) => reader.uint() + 1 } })
    expect(raw.get(9)).toBe(10)
  })

  test('is not touched by changes', () => {
    const { store } = cachingStore()
    const amt = Amt.create(store, { value: uintCodec })
    for (let i = 0; i < 64; i++) amt.set(i, i)
    const root = amt.flush()
    const one = Amt.load(store, root, { value: uintCodec })
    for (let i = 0; i < 60; i++) one.delete(i)
    one.set(62, 1000)
    const two = Amt.load(store, root, { value: uintCodec })
    expect(Array.from(two.entries(), ([, value]) => value)).toEqual(Array.from({ length: 64 }, (_, i) => i))
  })
})
