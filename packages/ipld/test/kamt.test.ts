import { decodeValue, encodeValue } from '@troupe/ipld'
import { fixedBytesKeys, Kamt, type KamtOptions, u256Codec, u256Keys } from '@troupe/ipld/kamt'
import { describe, expect, test } from 'vitest'
import { expectCode } from './codes.ts'
import { hex, toHex } from './hex.ts'
import { textCodec, uintCodec } from './test-codecs.ts'
import { cachingStore, trackingStore } from './tracking-store.ts'

/** The form of EVM contract storage: builtin-actors actors/evm/src/interpreter/system.rs, `KAMT_CONFIG`. */
const EVM: KamtOptions<bigint, bigint> = { keys: u256Keys, value: u256Codec, bitWidth: 5, maxArrayWidth: 1 }
const TEXTS: KamtOptions<bigint, string> = { keys: u256Keys, value: textCodec, bitWidth: 8 }

describe('the bytes of a KAMT', () => {
  test('are an empty bitfield and no pointers where there is nothing', () => {
    const { store } = trackingStore()
    const root = Kamt.create(store, EVM).flush()
    expect(toHex(store.getBlock(root))).toBe('824080')
    // The contract state of every fresh EVM actor.
    expect(`${root}`).toBe('bafy2bzaceamp42wmmgr2g2ymg46euououzfyck7szknvfacqscohrvaikwfay')
  })

  test('have buckets as maps from "v" to pairs', () => {
    // ref-fvm ipld/kamt/src/pointer.rs, `test_values_representation`
    const { store } = trackingStore()
    const kamt = Kamt.create(store, { ...EVM, bitWidth: 8 })
    kamt.set(1n, 2n)
    expect(toHex(store.getBlock(kamt.flush()))).toBe('8241018 1 a16176 81 82 4101 4102'.replaceAll(' ', ''))
  })

  test('have links as maps from "l" to CID, bits and bytes of the extension', () => {
    // ref-fvm ipld/kamt/src/pointer.rs, `test_link_representation`
    const { store, blocks } = trackingStore()
    const kamt = Kamt.create(store, { ...EVM, bitWidth: 8 })
    kamt.set(1n, 2n)
    kamt.set(3n, 4n)
    const root = kamt.flush()
    const [[child, leaf] = []] = blocks.entries()
    expect(toHex(leaf as Uint8Array)).toBe(
      '8241 0a 82 a16176818241014102 a16176818241034104'.replaceAll(' ', ''),
    )
    const link = `83 d82a582700${toHex(child?.bytes as Uint8Array)} 18f0 581e${'00'.repeat(30)}`
    expect(toHex(store.getBlock(root))).toBe(`82410181a1616c${link}`.replaceAll(' ', ''))
  })

  test('have bitfields that reach as far as the last slot', () => {
    const { store } = trackingStore()
    const kamt = Kamt.create(store, { ...EVM, bitWidth: 8 })
    kamt.set(0xffn << 248n, 1n)
    expect(toHex(store.getBlock(kamt.flush())).slice(0, 70)).toBe(`82582080${'00'.repeat(31)}`)
    kamt.set(0n, 1n)
    expect(toHex(store.getBlock(kamt.flush())).slice(0, 70)).toBe(`82582080${'00'.repeat(30)}01`)
  })
})

describe.each([
  ['deep', { bitWidth: 1 }],
  ['with a root without values', { bitWidth: 4, minDataDepth: 1 }],
  ['with two shallow levels', { bitWidth: 3, minDataDepth: 2 }],
  ['with buckets of one', { bitWidth: 2, maxArrayWidth: 1 }],
  ['of contract storage', { bitWidth: 5, maxArrayWidth: 1 }],
])('a KAMT %s', (_, form) => {
  // ref-fvm ipld/kamt/tests/kamt_tests.rs: test_basics, test_n_keys, test_load, test_set_root, test_set_if_absent, reload_empty, for_each
  const options = { ...TEXTS, ...form }

  test('gives what it was given', () => {
    const kamt = Kamt.create(trackingStore().store, options)
    expect(kamt.set(1n, 'world')).toBeUndefined()
    expect(kamt.get(1n)).toBe('world')
    expect(kamt.set(1n, 'world2')).toBe('world')
    expect(kamt.get(1n)).toBe('world2')
    expect([kamt.has(1n), kamt.has(2n), kamt.get(2n)]).toEqual([true, false, undefined])
  })

  test('holds consecutive keys, written in between and read again', () => {
    for (const count of [0, 1, 2, 3, 4, 5, 31, 32, 33, 100, 300]) {
      const { store } = trackingStore()
      let kamt = Kamt.create(store, options)
      for (let i = 0; i < count; i++) {
        if (i === Math.floor(count / 3)) kamt.flush()
        if (i === Math.floor((2 * count) / 3)) kamt = Kamt.load(store, kamt.flush(), options)
        kamt.set(BigInt(i), `${i}`)
      }
      const loaded = Kamt.load(store, kamt.flush(), options)
      expect(loaded.get(BigInt(count + 1))).toBeUndefined()
      const expected = Array.from({ length: count }, (__, i) => [BigInt(i), `${i}`])
      expect([...kamt.entries()]).toEqual(expected)
      expect([...loaded.entries()]).toEqual(expected)
      for (const [key, value] of expected) expect(loaded.get(key as bigint)).toBe(value)
    }
  })

  test('sets only what is absent, if so told', () => {
    const { store } = trackingStore()
    const kamt = Kamt.create(store, options)
    expect(kamt.setIfAbsent(7n, 'owl bear')).toBe(true)
    expect(kamt.setIfAbsent(7n, 'bright green bear')).toBe(false)
    const loaded = Kamt.load(store, kamt.flush(), options)
    expect(loaded.setIfAbsent(7n, 'bright green bear')).toBe(false)
    expect(loaded.get(7n)).toBe('owl bear')
  })

  test('has one root where it is empty, however it became so', () => {
    const { store } = trackingStore()
    const empty = `${Kamt.create(store, options).flush()}`
    const kamt = Kamt.create(store, options)
    for (let i = 0n; i < 50n; i++) kamt.set(i * i * i, 'x')
    kamt.flush()
    for (let i = 49n; i >= 0n; i--) expect(kamt.delete(i * i * i)).toBe('x')
    expect(kamt.isEmpty).toBe(true)
    expect(`${kamt.flush()}`).toBe(empty)
    kamt.set(1n, 'a')
    kamt.clear()
    expect([kamt.isEmpty, kamt.get(1n), `${kamt.flush()}`]).toEqual([true, undefined, empty])
    expect(`${Kamt.load(store, kamt.flush(), options).flush()}`).toBe(empty)
  })

  test('splits and joins its extensions', () => {
    const { store } = trackingStore()
    const rootOf = (keys: bigint[]): string => {
      const kamt = Kamt.create(store, options)
      for (const key of keys) kamt.set(key, 'x')
      return `${kamt.flush()}`
    }
    const low = [0n, 1n, 2n, 3n, 4n]
    const branches = [1n << 20n, 1n << 100n, 1n << 101n, 1n << 200n, 1n << 255n]
    const kamt = Kamt.create(store, options)
    for (const key of low) kamt.set(key, 'x')
    for (const [i, key] of branches.entries()) {
      kamt.set(key, 'x')
      expect(`${kamt.flush()}`).toBe(rootOf([...low, ...branches.slice(0, i + 1)].reverse()))
    }
    for (const [i, key] of branches.entries()) {
      kamt.delete(key)
      expect(`${kamt.flush()}`).toBe(rootOf([...branches.slice(i + 1), ...low]))
    }
  })
})

describe('what a KAMT reads and writes', () => {
  test('is nothing where a value is set to what it was', () => {
    const { store, blocks } = trackingStore()
    for (const options of [EVM, { ...EVM, value: { ...u256Codec } }]) {
      const kamt = Kamt.create(store, options)
      for (let i = 0n; i < 40n; i++) kamt.set(i, i + 1n)
      const root = kamt.flush()
      const writes = blocks.writes
      for (let i = 0n; i < 40n; i++) expect(kamt.set(i, i + 1n)).toBe(i + 1n)
      expect(`${kamt.flush()}`).toBe(`${root}`)
      expect(blocks.writes).toBe(writes)
    }
    const texts = Kamt.create(store, {
      ...TEXTS,
      value: {
        ...uintCodec,
        encode: (writer, value: { n: number }) => void writer.uint(value.n),
        decode: (reader) => ({ n: reader.uint() }),
      },
    })
    texts.set(1n, { n: 1 })
    const root = texts.flush()
    const writes = blocks.writes
    texts.set(1n, { n: 1 })
    expect(`${texts.flush()}`).toBe(`${root}`)
    expect(blocks.writes).toBe(writes)
  })

  test('is nothing twice', () => {
    const { store, blocks } = trackingStore()
    const kamt = Kamt.create(store, EVM)
    for (let i = 0n; i < 200n; i++) kamt.set(i, i + 1n)
    const loaded = Kamt.load(store, kamt.flush(), EVM)
    for (let i = 0n; i < 200n; i++) loaded.get(i)
    const reads = blocks.reads
    for (let i = 0n; i < 200n; i++) expect(loaded.get(i)).toBe(i + 1n)
    expect(blocks.reads).toBe(reads)
  })

  test('includes the node behind an extension that leads elsewhere, but only in lookups', () => {
    const { store, blocks } = trackingStore()
    const kamt = Kamt.create(store, EVM)
    kamt.set(1n, 1n)
    kamt.set(2n, 1n)
    const root = kamt.flush()
    const elsewhere = 1n << 100n
    blocks.reads = 0
    expect(Kamt.load(store, root, EVM).get(elsewhere)).toBeUndefined()
    expect(blocks.reads).toBe(2)
    blocks.reads = 0
    expect(Kamt.load(store, root, EVM).delete(elsewhere)).toBeUndefined()
    Kamt.load(store, root, EVM).set(elsewhere, 1n)
    expect(blocks.reads).toBe(2)
  })

  test('is answered by the node cache for the same form and codecs', () => {
    const { store, blocks } = cachingStore()
    const kamt = Kamt.create(store, EVM)
    for (let i = 0n; i < 200n; i++) kamt.set(i, i + 1n)
    const root = kamt.flush()
    const sum = (options: KamtOptions<bigint, bigint>): bigint =>
      Array.from(Kamt.load(store, root, options).entries(), ([, value]) => value).reduce((a, b) => a + b)
    expect(sum(EVM)).toBe(20100n)
    const reads = blocks.reads
    expect(sum(EVM)).toBe(20100n)
    expect(blocks.reads).toBe(reads)
    expect(
      sum({ ...EVM, value: { ...u256Codec, decode: (reader) => BigInt(reader.raw().length > 0) } }),
    ).toBe(200n)
  })

  test('does not reach other KAMTs through the node cache', () => {
    const { store } = cachingStore()
    const kamt = Kamt.create(store, TEXTS)
    for (let i = 0n; i < 20n; i++) kamt.set(i << 128n, 'x')
    const root = kamt.flush()
    const one = Kamt.load(store, root, TEXTS)
    for (let i = 0n; i < 20n; i++) one.set((i << 128n) + 1n, 'y')
    one.delete(0n)
    expect(Array.from(Kamt.load(store, root, TEXTS).entries(), ([, value]) => value)).toEqual(
      new Array(20).fill('x'),
    )
  })
})

describe('walking a KAMT', () => {
  const keys = [
    1n,
    2n,
    (1n << 248n) + 1n,
    (1n << 248n) + 2n,
    (1n << 248n) + 3n,
    (2n << 248n) + 1n,
    (2n << 248n) + 2n,
  ]

  test('is in the order of the keys, from any of them on', () => {
    // ref-fvm ipld/kamt/src/kamt.rs, `test_iter_from`
    const kamt = Kamt.create(trackingStore().store, TEXTS)
    for (const [i, key] of keys.toReversed().entries()) kamt.set(key, `value${i}`)
    expect(Array.from(kamt.entries(), ([key]) => key)).toEqual(keys)
    for (const [i, key] of keys.entries()) {
      expect(Array.from(kamt.entries(key), ([each]) => each)).toEqual(keys.slice(i))
    }
  })

  test.each([1, 3, 5, 8])('starts between keys too, at bit width %i', (bitWidth) => {
    const kamt = Kamt.create(trackingStore().store, { ...TEXTS, bitWidth, maxArrayWidth: 2 })
    const present = [3n, 4n, 9n, 1000n, 1001n, 1n << 100n, (1n << 100n) + 5n, 1n << 255n]
    for (const key of present) kamt.set(key, 'x')
    const starts = [0n, ...present.flatMap((key) => [key - 1n, key, key + 1n]), 1n << 101n, (1n << 256n) - 1n]
    for (const start of starts) {
      expect(Array.from(kamt.entries(start), ([key]) => key)).toEqual(present.filter((key) => key >= start))
    }
  })
})

describe('keys', () => {
  test('of 256 bits are byte strings without leading zeros', () => {
    // builtin-actors actors/evm/shared/src/uints.rs
    expect(toHex(encodeValue(u256Codec, 0x4d2n))).toBe('4204d2')
    expect(toHex(encodeValue(u256Codec, 0n))).toBe('40')
    expect(toHex(encodeValue(u256Codec, 2n ** 256n - 1n))).toBe(`5820${'ff'.repeat(32)}`)
    expect(decodeValue(u256Codec, hex('4204d2'))).toBe(0x4d2n)
    expect(decodeValue(u256Codec, hex('43000102'))).toBe(0x102n)
    expect(decodeValue(u256Codec, hex(`5820${'ff'.repeat(32)}`))).toBe(2n ** 256n - 1n)
    expectCode(() => decodeValue(u256Codec, hex(`5821${'01'.repeat(33)}`)), 'cbor/out-of-range')
    for (const word of [-1n, 2n ** 256n]) expectCode(() => encodeValue(u256Codec, word), 'cbor/out-of-range')
  })

  test('beyond 256 bits are refused', () => {
    const kamt = Kamt.create(trackingStore().store, EVM)
    for (const key of [-1n, 2n ** 256n]) {
      expectCode(() => kamt.get(key), 'kamt/bad-key')
      expectCode(() => kamt.set(key, 1n), 'kamt/bad-key')
      expectCode(() => kamt.delete(key), 'kamt/bad-key')
      expectCode(() => [...kamt.entries(key)], 'kamt/bad-key')
    }
  })

  test('of fixed bytes have exactly that many', () => {
    const { store } = trackingStore()
    const options = { keys: fixedBytesKeys(20), value: uintCodec, bitWidth: 5 }
    const kamt = Kamt.create(store, options)
    const key = (last: number): Uint8Array => new Uint8Array(20).with(19, last)
    for (let i = 0; i < 10; i++) kamt.set(key(i), i)
    const loaded = Kamt.load(store, kamt.flush(), options)
    expect(Array.from(loaded.entries(), ([k, value]) => [k[19], value])).toEqual(
      Array.from({ length: 10 }, (_, i) => [i, i]),
    )
    for (const length of [0, 19, 21]) expectCode(() => kamt.get(new Uint8Array(length)), 'kamt/bad-key')
    const wider = Kamt.load(store, kamt.flush(), { ...options, keys: fixedBytesKeys(32) })
    expectCode(() => [...wider.entries()], 'kamt/bad-key')
  })

  test('of one hash find no place for the second bucket', () => {
    const colliding = { ...u256Keys, hash: () => new Uint8Array(32) }
    const kamt = Kamt.create(trackingStore().store, { ...EVM, keys: colliding })
    kamt.set(1n, 1n)
    const root = `${kamt.flush()}`
    expectCode(() => kamt.set(2n, 1n), 'kamt/max-depth')
    expect([kamt.get(1n), kamt.get(2n), `${kamt.flush()}`]).toEqual([1n, undefined, root])
  })

  test('stand in buckets by their own order, whatever that of their hashes', () => {
    const reversed = { ...u256Keys, hash: (key: bigint) => u256Keys.hash(key).reverse() }
    const options = { ...TEXTS, keys: reversed, bitWidth: 5 }
    const rootOf = (...keys: bigint[]): string => {
      const kamt = Kamt.create(trackingStore().store, options)
      for (const key of keys) kamt.set(key, 'x')
      return `${kamt.flush()}`
    }
    // Four keys of one first digit fill a node below the root; the fourth gone, they are a bucket again.
    const keys = [0x0101n, 0x0201n, 0x0102n, 0x0301n]
    const { store } = trackingStore()
    for (const gone of keys) {
      const kamt = Kamt.create(store, options)
      for (const key of keys) kamt.set(key, 'x')
      kamt.delete(gone)
      const root = kamt.flush()
      expect(`${root}`).toBe(rootOf(...keys.filter((key) => key !== gone).reverse()))
      expect(Kamt.load(store, root, options).has(keys.find((key) => key !== gone) as bigint)).toBe(true)
    }
  })

  test('whose hash is not of their width are refused', () => {
    const narrow = { ...u256Keys, width: 20 }
    expectCode(() => Kamt.create(trackingStore().store, { ...EVM, keys: narrow }).get(1n), 'kamt/bad-key')
  })

  test('that differ in the last bit alone stand on the last level', () => {
    for (const bitWidth of [1, 3, 5, 7, 8]) {
      const { store } = trackingStore()
      const options = { ...EVM, bitWidth }
      const kamt = Kamt.create(store, options)
      kamt.set(2n ** 256n - 1n, 1n)
      kamt.set(2n ** 256n - 2n, 2n)
      const loaded = Kamt.load(store, kamt.flush(), options)
      expect([loaded.get(2n ** 256n - 1n), loaded.get(2n ** 256n - 2n), loaded.get(2n ** 256n - 3n)]).toEqual(
        [1n, 2n, undefined],
      )
    }
  })
})

test.each([
  { bitWidth: 0 },
  { bitWidth: 9 },
  { bitWidth: 2.5 },
  { maxArrayWidth: 0 },
  { maxArrayWidth: 1.5 },
  { minDataDepth: -1 },
  { minDataDepth: 52 },
])('the options %o are refused', (options) => {
  expectCode(() => Kamt.create(trackingStore().store, { ...EVM, ...options }), 'kamt/bad-options')
})
