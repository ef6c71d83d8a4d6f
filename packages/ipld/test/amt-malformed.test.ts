import { CborWriter, type Cid, cidOf, DAG_CBOR, RAW } from '@troupe/ipld'
import { Amt, MAX_AMT_BIT_WIDTH } from '@troupe/ipld/amt'
import { describe, expect, test } from 'vitest'
import { expectCode } from './codes.ts'
import { uintCodec } from './test-codecs.ts'
import { cachingStore } from './tracking-store.ts'

const { store } = cachingStore()
const LEAF = { bitmap: [0b1], values: [7] }

interface NodeParts {
  bitmap: number[]
  links?: Cid[]
  values?: number[]
}

function writeNode(writer: CborWriter, { bitmap, links = [], values = [] }: NodeParts): CborWriter {
  writer.array(3).bytes(Uint8Array.from(bitmap)).array(links.length)
  for (const link of links) writer.cid(link)
  writer.array(values.length)
  for (const value of values) writer.uint(value)
  return writer
}

function putNode(node: NodeParts, codec = DAG_CBOR): Cid {
  return store.putBlock(codec, writeNode(new CborWriter(), node).finish())
}

function putRoot(root: {
  bitWidth?: number | bigint
  height?: number | bigint
  count?: number | bigint
  node: NodeParts
}): Cid {
  const { bitWidth = 3, height = 0, count = 1, node } = root
  return store.putBlock(
    DAG_CBOR,
    writeNode(new CborWriter().array(4).uint(bitWidth).uint(height).uint(count), node).finish(),
  )
}

function load(root: Cid, bitWidth?: number): Amt<number> {
  return Amt.load(store, root, bitWidth === undefined ? { value: uintCodec } : { value: uintCodec, bitWidth })
}

describe('the root of an AMT', () => {
  test('is taken as written here, so that the refusals below are for what they say', () => {
    expect(load(putRoot({ node: LEAF })).get(0)).toBe(7)
    const tall = load(putRoot({ height: 1, node: { bitmap: [0b10], links: [putNode(LEAF)] } }))
    expect(tall.get(8)).toBe(7)
  })

  test.each([
    ['of bit width 0', { bitWidth: 0, node: LEAF }, 'amt/bad-options'],
    ['wider than any block', { bitWidth: MAX_AMT_BIT_WIDTH + 1, node: LEAF }, 'amt/bad-options'],
    ['of a bit width beyond 32 bits', { bitWidth: 2n ** 33n, node: LEAF }, 'cbor/unexpected-type'],
    ['of a height without indices', { height: 22, node: LEAF }, 'amt/height'],
    ['of a height of 64 bits', { bitWidth: 4, height: 16, node: { bitmap: [0, 0] } }, 'amt/height'],
    ['of a height that no number of bits has', { height: 2 ** 32 - 1, node: LEAF }, 'amt/height'],
    ['with a count above its values', { count: 2, node: LEAF }, 'amt/count'],
    ['with a count below its values', { count: 0, node: LEAF }, 'amt/count'],
    ['with a bitmap too short', { bitWidth: 4, node: LEAF }, 'amt/bitmap-length'],
    ['with a bitmap too long', { node: { bitmap: [1, 0], values: [7] } }, 'amt/bitmap-length'],
    ['without a bitmap', { node: { bitmap: [], values: [7] } }, 'amt/bitmap-length'],
    ['with more bits than values', { node: { bitmap: [0b11], values: [7] } }, 'amt/bitmap-count'],
    ['with fewer bits than values', { node: { bitmap: [0b1], values: [7, 8] } }, 'amt/bitmap-count'],
    [
      'with bits beyond its width',
      { bitWidth: 1, node: { bitmap: [0b100], values: [7] } },
      'amt/bitmap-count',
    ],
    ['with values above the leaves', { height: 1, node: LEAF }, 'amt/wrong-node-kind'],
    ['with nothing above the leaves', { height: 1, node: { bitmap: [0] } }, 'amt/empty-node'],
  ])('is refused %s', (_, root, code) => {
    expectCode(() => load(putRoot(root)), code)
  })

  test.each([
    ['with links among the leaves', { node: { bitmap: [1], links: [putNode(LEAF)] } }, 'amt/wrong-node-kind'],
    [
      'with links and values',
      { node: { bitmap: [0b11], links: [putNode(LEAF)], values: [7] } },
      'amt/links-and-values',
    ],
    [
      'with more bits than links',
      { height: 1, count: 2, node: { bitmap: [0b11], links: [putNode(LEAF)] } },
      'amt/bitmap-count',
    ],
    [
      'with a link to raw bytes',
      { height: 1, node: { bitmap: [1], links: [putNode(LEAF, RAW)] } },
      'amt/link-codec',
    ],
    [
      'with a count below its links',
      { height: 1, count: 0, node: { bitmap: [1], links: [putNode(LEAF)] } },
      'amt/count',
    ],
    [
      'with more entries than have room',
      { height: 1, count: 65, node: { bitmap: [1], links: [putNode(LEAF)] } },
      'amt/count',
    ],
  ])('is refused %s', (_, root, code) => {
    expectCode(() => load(putRoot(root)), code)
  })

  test('may be as high as indices reach', () => {
    const root = putRoot({ height: 21, count: 1, node: { bitmap: [0b10], links: [putNode(LEAF)] } })
    expect(load(root).height).toBe(21)
  })

  test('is refused where another bit width is expected', () => {
    expectCode(() => load(putRoot({ node: LEAF }), 5), 'amt/bad-options')
    expect(load(putRoot({ node: LEAF }), 3).bitWidth).toBe(3)
  })

  test('is refused in the form of the other version', () => {
    expectCode(
      () => Amt.load(store, putRoot({ node: LEAF }), { value: uintCodec, version: 0 }),
      'cbor/unexpected-type',
    )
    const old = Amt.create<number>(store, { value: uintCodec, version: 0 })
    old.set(1, 1)
    expectCode(() => load(old.flush()), 'cbor/unexpected-type')
    expectCode(() => Amt.create(store, { value: uintCodec, version: 0, bitWidth: 5 }), 'amt/bad-options')
  })

  test('is refused with bytes after it, cut short, or absent', () => {
    const bytes = store.getBlock(putRoot({ node: LEAF }))
    const longer = Uint8Array.of(...bytes, 0)
    expectCode(() => load(store.putBlock(DAG_CBOR, longer)), 'cbor/trailing-bytes')
    for (let length = 0; length < bytes.length; length++) {
      expectCode(() => load(store.putBlock(DAG_CBOR, bytes.slice(0, length))), 'cbor/malformed')
    }
    expectCode(() => load(cidOf(store.crypto, DAG_CBOR, Uint8Array.of(1, 2, 3))), 'blockstore/absent')
  })
})

describe('a node below the root of an AMT', () => {
  const parent = (child: Cid, height = 1): Amt<number> =>
    load(putRoot({ height, count: 1, node: { bitmap: [1], links: [child] } }))

  test.each([
    ['empty', { bitmap: [0] }, 1, 'amt/empty-node'],
    ['of the wrong width', { bitmap: [1, 0], values: [7] }, 1, 'amt/bitmap-length'],
    ['of values above the leaves', LEAF, 2, 'amt/wrong-node-kind'],
    ['of links among the leaves', { bitmap: [1], links: [putNode(LEAF)] }, 1, 'amt/wrong-node-kind'],
  ])('is refused where it is %s, by everything that reads it', (_, child, height, code) => {
    for (const action of [
      (amt: Amt<number>) => amt.get(0),
      (amt: Amt<number>) => amt.set(0, 1),
      (amt: Amt<number>) => amt.delete(0),
      (amt: Amt<number>) => [...amt.entries()],
    ]) {
      expectCode(() => action(parent(putNode(child), height)), code)
    }
  })

  test('is needed only where it is read', () => {
    const missing = cidOf(store.crypto, DAG_CBOR, Uint8Array.of(9))
    const root = putRoot({ height: 1, count: 2, node: { bitmap: [0b11], links: [missing, putNode(LEAF)] } })
    expect(load(root).get(8)).toBe(7)
    expectCode(() => load(root).get(0), 'blockstore/absent')
  })

  test('with a value of another type is refused', () => {
    const child = store.putBlock(
      DAG_CBOR,
      new CborWriter().array(3).bytes(Uint8Array.of(1)).array(0).array(1).text('x').finish(),
    )
    expectCode(() => parent(child).get(0), 'cbor/unexpected-type')
  })
})

describe('a failed change', () => {
  test('changes nothing', () => {
    const missing = cidOf(store.crypto, DAG_CBOR, Uint8Array.of(9))
    const root = putRoot({ height: 1, count: 2, node: { bitmap: [0b11], links: [missing, putNode(LEAF)] } })
    const amt = load(root)
    expectCode(() => amt.set(0, 1), 'blockstore/absent')
    expectCode(() => amt.delete(0), 'blockstore/absent')
    expect(`${amt.flush()}`).toBe(`${root}`)
    amt.set(8, 7)
    expect(`${amt.flush()}`).toBe(`${root}`)
  })
})

describe('a root that counts fewer entries than there are', () => {
  test('is found out by deleting them', () => {
    const child = putNode({ bitmap: [0b11], values: [1, 2] })
    const amt = load(putRoot({ height: 1, count: 1, node: { bitmap: [1], links: [child] } }))
    expectCode(() => amt.delete(0), 'amt/count')
  })
})

test.each([[0], [-1], [1.5], [MAX_AMT_BIT_WIDTH + 1]])(
  'an AMT cannot be created with bit width %s',
  (bitWidth) => {
    expectCode(() => Amt.create(store, { value: uintCodec, bitWidth }), 'amt/bad-options')
  },
)

test('an AMT of the greatest width works', () => {
  const amt = Amt.create<number>(store, { value: uintCodec, bitWidth: MAX_AMT_BIT_WIDTH })
  amt.set(0, 1)
  amt.set(2 ** MAX_AMT_BIT_WIDTH, 2)
  const loaded = load(amt.flush())
  expect([...loaded.entries()]).toEqual([
    [0n, 1],
    [BigInt(2 ** MAX_AMT_BIT_WIDTH), 2],
  ])
})
