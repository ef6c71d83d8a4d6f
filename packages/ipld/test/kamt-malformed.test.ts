import { CborWriter, type Cid, cidOf, DAG_CBOR, RAW } from '@troupe/ipld'
import { Kamt, type KamtOptions, u256Codec, u256Keys } from '@troupe/ipld/kamt'
import { describe, expect, test } from 'vitest'
import { expectCode } from './codes.ts'
import { cachingStore } from './tracking-store.ts'

const { store } = cachingStore()
const FORM: KamtOptions<bigint, bigint> = { keys: u256Keys, value: u256Codec, bitWidth: 5, maxArrayWidth: 2 }

type Pointer = (writer: CborWriter) => void

const bucket =
  (...keys: bigint[]): Pointer =>
  (writer) => {
    writer.map(1).text('v').array(keys.length)
    for (const key of keys) {
      writer.array(2)
      u256Codec.encode(writer, key)
      u256Codec.encode(writer, 1n)
    }
  }

const link =
  (cid: Cid, bits: number | bigint, ...path: number[]): Pointer =>
  (writer) => {
    writer.map(1).text('l').array(3).cid(cid).uint(bits).bytes(Uint8Array.from(path))
  }

function putNode(bitfield: number[], pointers: Pointer[], codec = DAG_CBOR): Cid {
  const writer = new CborWriter().array(2).bytes(Uint8Array.from(bitfield)).array(pointers.length)
  for (const pointer of pointers) pointer(writer)
  return store.putBlock(codec, writer.finish())
}

/** The digits 0, 1 are two slots of one node: a leaf with two keys that differ in their sixth bit. */
const LOW_KEY = 0n
const HIGH_KEY = 1n << 246n
const LEAF = putNode([0b11], [bucket(LOW_KEY), bucket(HIGH_KEY)])

function load(root: Cid, options = FORM): Kamt<bigint, bigint> {
  return Kamt.load(store, root, options)
}

describe('a node of a KAMT', () => {
  test('is taken as written here, so that the refusals below are for what they say', () => {
    expect([...load(putNode([1], [bucket(LOW_KEY, HIGH_KEY)])).entries()]).toHaveLength(2)
    const linked = load(putNode([1], [link(LEAF, 0)]))
    expect([linked.get(LOW_KEY), linked.get(HIGH_KEY)]).toEqual([1n, 1n])
    const far = load(putNode([1], [link(putNode([1], [bucket(1n)]), 250, ...new Array(32).fill(0))]))
    expect(far.get(0n)).toBeUndefined()
  })

  test.each<[string, number[], Pointer[], string]>([
    ['with fewer pointers than bits', [0b11], [bucket(1n)], 'kamt/bitfield'],
    ['with more pointers than bits', [0b1], [bucket(1n), bucket(2n)], 'kamt/bitfield'],
    ['with a bitfield of leading zeros', [0, 1], [bucket(1n)], 'kamt/bitfield'],
    ['with a slot beyond its width', [1, 0, 0, 0, 0], [bucket(1n)], 'kamt/bitfield'],
    ['with a bitfield of 33 bytes', [1, ...new Array(32).fill(0)], [bucket(1n)], 'kamt/bitfield'],
    ['with an empty bucket', [1], [bucket()], 'kamt/bucket'],
    ['with a bucket too large', [1], [bucket(1n, 2n, 3n)], 'kamt/bucket'],
    ['with a bucket in disorder', [1], [bucket(2n, 1n)], 'kamt/bucket'],
    ['with a key twice', [1], [bucket(1n, 1n)], 'kamt/bucket'],
    ['with a pointer of another kind', [1], [(w) => w.map(1).text('x').array(0)], 'kamt/pointer'],
    ['with a pointer of nothing', [1], [(w) => w.map(0).null()], 'kamt/pointer'],
    [
      'with a pointer of two kinds',
      [1],
      [(w) => w.map(2).text('v').array(0).text('l').array(0)],
      'kamt/pointer',
    ],
    [
      'with a link to raw bytes',
      [1],
      [link(putNode([0b11], [bucket(LOW_KEY), bucket(HIGH_KEY)], RAW), 0)],
      'kamt/link-codec',
    ],
    ['with an extension of half a digit', [1], [link(LEAF, 7, 0)], 'kamt/extension'],
    ['with an extension longer than its bytes', [1], [link(LEAF, 10, 0)], 'kamt/extension'],
    ['with an extension shorter than its bytes', [1], [link(LEAF, 5, 0, 0)], 'kamt/extension'],
    ['with bits behind the end of an extension', [1], [link(LEAF, 5, 0b00000001)], 'kamt/extension'],
    ['with bytes for no extension', [1], [link(LEAF, 0, 0)], 'kamt/extension'],
    [
      'with an extension that leaves no bits',
      [1],
      [link(LEAF, 255, ...new Array(32).fill(0))],
      'kamt/extension',
    ],
    ['with an extension beyond 32 bits', [1], [link(LEAF, 5n << 32n, 0)], 'cbor/unexpected-type'],
  ])('is refused %s', (_, bitfield, pointers, code) => {
    expectCode(() => load(putNode(bitfield, pointers)), code)
  })

  test('must leave at least one bit behind an extension', () => {
    const bytewise = { ...FORM, bitWidth: 8 }
    const path = new Array(31).fill(0)
    expectCode(() => load(putNode([1], [link(LEAF, 248, ...path)]), bytewise), 'kamt/extension')
    expect(load(putNode([1], [link(LEAF, 240, ...path.slice(1))]), bytewise).get(LOW_KEY)).toBe(1n)
  })

  test('may have values only as deep as the form says', () => {
    const deep = { ...FORM, minDataDepth: 1 }
    expectCode(() => load(putNode([1], [bucket(1n)]), deep), 'kamt/shallow-values')
    expect(load(putNode([1], [link(LEAF, 0)]), deep).get(LOW_KEY)).toBe(1n)
  })

  test('may be empty only as the root', () => {
    const empty = putNode([], [])
    expect(load(empty).isEmpty).toBe(true)
    const above = putNode([1], [link(empty, 0)])
    for (const action of [
      (kamt: Kamt<bigint, bigint>) => kamt.get(0n),
      (kamt: Kamt<bigint, bigint>) => kamt.set(0n, 1n),
      (kamt: Kamt<bigint, bigint>) => kamt.delete(0n),
      (kamt: Kamt<bigint, bigint>) => [...kamt.entries()],
    ]) {
      expectCode(() => action(load(above)), 'kamt/empty-node')
    }
  })

  test('is checked at the level where it stands', () => {
    // Each of the two extensions would do below the root; together they leave no bits.
    const inner = putNode([1], [link(LEAF, 200, ...new Array(25).fill(0))])
    const root = putNode([1], [link(inner, 200, ...new Array(25).fill(0))])
    expectCode(() => load(root).get(0n), 'kamt/extension')
  })

  test('with bytes after it, cut short, or absent is refused', () => {
    const bytes = store.getBlock(putNode([1], [link(LEAF, 0)]))
    expectCode(() => load(store.putBlock(DAG_CBOR, Uint8Array.of(...bytes, 0))), 'cbor/trailing-bytes')
    for (let length = 0; length < bytes.length; length++) {
      expectCode(() => load(store.putBlock(DAG_CBOR, bytes.slice(0, length))), 'cbor/malformed')
    }
    expectCode(() => load(cidOf(store.crypto, DAG_CBOR, Uint8Array.of(1, 2, 3))), 'blockstore/absent')
  })
})

test('the last entry of a node that should not have been one cannot be deleted', () => {
  // ref-fvm ipld/kamt/src/pointer.rs, `clean`: a node of one entry belongs into its parent.
  const single = putNode([1], [bucket(0n)])
  expectCode(() => load(putNode([1], [link(single, 0)])).delete(0n), 'kamt/empty-node')
})

test('a failed change changes nothing', () => {
  const missing = cidOf(store.crypto, DAG_CBOR, Uint8Array.of(9))
  const root = putNode([0b11], [link(missing, 0), bucket(1n << 251n)])
  const kamt = load(root)
  expectCode(() => kamt.set(0n, 1n), 'blockstore/absent')
  expectCode(() => kamt.delete(0n), 'blockstore/absent')
  expect(kamt.get(1n << 251n)).toBe(1n)
  expect(`${kamt.flush()}`).toBe(`${root}`)
})
