import { loadCrypto } from '@troupe/crypto'
import {
  BLAKE2B_256,
  type Blockstore,
  type CborReader,
  CborStore,
  CborWriter,
  type Cid,
  cidOf,
  DAG_CBOR,
  decodeCid,
  IpldError,
  MemoryBlockstore,
  NodeCache,
  RAW,
  RecordingBlockstore,
  type ValueCodec,
} from '@troupe/ipld'
import { Hamt, type HamtOptions } from '@troupe/ipld/hamt'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expectCode } from './codes.ts'
import { hex, toHex } from './hex.ts'

const crypto = await loadCrypto()
const text = (value: string | number) => new TextEncoder().encode(`${value}`)

const UINT: ValueCodec<number> = {
  encode: (writer: CborWriter, value) => void writer.uint(value),
  decode: (reader: CborReader) => reader.uint(),
}
const OPTIONS: HamtOptions<number> = { bitWidth: 5, value: UINT }
const IDENTITY: HamtOptions<number> = { ...OPTIONS, hash: 'identity' }
const EMPTY_ROOT = 'bafy2bzaceamp42wmmgr2g2ymg46euououzfyck7szknvfacqscohrvaikwfay'

const newStore = () => new CborStore(new MemoryBlockstore(), crypto)

/** The HAMT whose root is this block. */
function loadBlock(block: string, options: HamtOptions<number> = OPTIONS): Hamt<number> {
  const store = newStore()
  return Hamt.load(store, store.putBlock(DAG_CBOR, hex(block)), options)
}

/** Tag 42 over a CID. */
function link(cid: Cid): string {
  return toHex(new CborWriter().cid(cid).finish())
}

describe('a map', () => {
  test('starts empty, and its root says so', () => {
    const hamt = Hamt.create(newStore(), OPTIONS)
    expect([hamt.isEmpty, hamt.isDirty, hamt.root]).toEqual([true, true, undefined])
    expect(hamt.get(text('a'))).toBeUndefined()
    expect(hamt.delete(text('a'))).toBe(false)
    expect([...hamt.entries()]).toEqual([])
    const root = hamt.flush()
    expect(String(root)).toBe(EMPTY_ROOT)
    expect([hamt.isDirty, hamt.root]).toEqual([false, root])
  })

  test('gives back what was set, replaced and not deleted', () => {
    const hamt = Hamt.create(newStore(), OPTIONS)
    hamt.set(text('a'), 1)
    hamt.set(text('b'), 2)
    hamt.set(text('a'), 3)
    expect([hamt.get(text('a')), hamt.get(text('b')), hamt.get(text('c'))]).toEqual([3, 2, undefined])
    expect(hamt.setIfAbsent(text('a'), 9)).toBe(false)
    expect(hamt.setIfAbsent(text('c'), 4)).toBe(true)
    expect(hamt.take(text('c'))).toBe(4)
    hamt.set(text('c'), 4)
    expect(hamt.delete(text('b'))).toBe(true)
    expect(hamt.take(text('b'))).toBeUndefined()
    expect(hamt.has(text('b'))).toBe(false)
    expect(new Map([...hamt.entries()].map(([key, value]) => [toHex(key), value]))).toEqual(
      new Map([
        [toHex(text('a')), 3],
        [toHex(text('c')), 4],
      ]),
    )
    hamt.clear()
    expect(String(hamt.flush())).toBe(EMPTY_ROOT)
  })

  test('is dirty exactly while it differs from its stored root', () => {
    const store = newStore()
    const hamt = Hamt.create(store, OPTIONS)
    hamt.set(text('a'), 1)
    const root = hamt.flush()
    hamt.set(text('a'), 1)
    hamt.delete(text('b'))
    expect(hamt.root).toBe(root)
    hamt.set(text('a'), 2)
    expect(hamt.root).toBeUndefined()
    expect(String(hamt.flush())).not.toBe(String(root))
    expect(Hamt.load(store, root, OPTIONS).get(text('a'))).toBe(1)
  })

  test('keeps its own copy of a key', () => {
    const hamt = Hamt.create(newStore(), OPTIONS)
    const key = text('a')
    hamt.set(key, 1)
    key[0] = 0
    expect(hamt.get(text('a'))).toBe(1)
  })

  test('orders keys of a bucket bytewise', () => {
    const hamt = Hamt.create(newStore(), { ...IDENTITY, bitWidth: 1 })
    for (const key of ['00ff', '00', '0000']) hamt.set(hex(key), 1)
    expect([...hamt.entries()].map(([key]) => toHex(key))).toEqual(['00', '0000', '00ff'])
    hamt.flush()
  })

  test('a value that cannot be encoded is refused and leaves no trace in blocks', () => {
    const hamt = Hamt.create(newStore(), OPTIONS)
    hamt.set(text('a'), 1)
    const root = hamt.flush()
    expectCode(() => hamt.set(text('a'), -1), 'cbor/out-of-range')
    expect(hamt.root).toBe(root)
    hamt.set(text('b'), -1)
    expectCode(() => hamt.flush(), 'cbor/out-of-range')
    hamt.delete(text('b'))
    expect(String(hamt.flush())).toBe(String(root))
  })

  test('refuses options that make no tree', () => {
    for (const bitWidth of [0, 9, 1.5, Number.NaN])
      expectCode(() => Hamt.create(newStore(), { ...OPTIONS, bitWidth }), 'hamt/bad-options')
    for (const maxBucket of [0, -1, 0.5])
      expectCode(() => Hamt.create(newStore(), { ...OPTIONS, maxBucket }), 'hamt/bad-options')
    expectCode(() => Hamt.create(newStore(), { ...OPTIONS, minDataDepth: -1 }), 'hamt/bad-options')
  })
})

describe('against a Map', () => {
  type Step =
    | readonly ['set', number, number]
    | readonly ['delete', number]
    | readonly ['flush']
    | readonly ['reload']
  const key = fc.nat(150)
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(fc.constant('set' as const), key, fc.nat(3)) },
    { weight: 4, arbitrary: fc.tuple(fc.constant('delete' as const), key) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('flush' as const)) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('reload' as const)) },
  )
  const shape = fc.record({
    bitWidth: fc.integer({ min: 1, max: 8 }),
    maxBucket: fc.integer({ min: 1, max: 4 }),
    minDataDepth: fc.nat(2),
  })

  test('random steps give the same content, and a root that depends on it only', () => {
    fc.assert(
      fc.property(shape, fc.array(step, { maxLength: 250 }), (shape, steps) => {
        const options = { ...shape, value: UINT }
        const blocks = new MemoryBlockstore()
        const cache = new NodeCache(8)
        let hamt = Hamt.create(new CborStore(blocks, crypto, cache), options)
        const model = new Map<number, number>()
        for (const [kind, at = 0, value = 0] of steps) {
          if (kind === 'set') {
            hamt.set(text(at), value)
            model.set(at, value)
          } else if (kind === 'delete') {
            expect(hamt.take(text(at))).toBe(model.get(at))
            expect(hamt.delete(text(at))).toBe(false)
            model.delete(at)
          } else {
            const root = hamt.flush()
            if (kind === 'reload') hamt = Hamt.load(new CborStore(blocks, crypto, cache), root, options)
          }
        }
        for (let i = 0; i <= 150; i++) expect(hamt.get(text(i))).toBe(model.get(i))
        const entries = new Map([...hamt.entries()].map(([key, value]) => [toHex(key), value]))
        expect(entries).toEqual(new Map([...model].map(([at, value]) => [toHex(text(at)), value])))
        const rebuilt = Hamt.create(newStore(), options)
        for (const at of [...model.keys()].sort((a, b) => a - b)) rebuilt.set(text(at), model.get(at) ?? 0)
        expect(String(rebuilt.flush())).toBe(String(hamt.flush()))
        for (const at of model.keys()) hamt.delete(text(at))
        expect(String(hamt.flush())).toBe(EMPTY_ROOT)
      }),
      { seed: 1, numRuns: 60 },
    )
  })

  test('the order of insertion does not show in the root', () => {
    const keys = Array.from({ length: 300 }, (_, i) => i)
    fc.assert(
      fc.property(fc.shuffledSubarray(keys, { minLength: 300 }), (order) => {
        const hamt = Hamt.create(newStore(), OPTIONS)
        for (const i of order) hamt.set(text(i), i)
        const sorted = Hamt.create(newStore(), OPTIONS)
        for (const i of keys) sorted.set(text(i), i)
        expect(String(hamt.flush())).toBe(String(sorted.flush()))
      }),
      { seed: 1, numRuns: 5 },
    )
  })
})

describe('loading', () => {
  test('reads the root first, and other nodes when they are needed', () => {
    const blocks = new MemoryBlockstore()
    const created = Hamt.create(new CborStore(blocks, crypto), OPTIONS)
    for (let i = 0; i < 1000; i++) created.set(text(i), i)
    const root = created.flush()
    const recording = new RecordingBlockstore(blocks)
    const hamt = Hamt.load(new CborStore(recording, crypto), root, OPTIONS)
    expect(recording.reads.map(String)).toEqual([String(root)])
    hamt.get(text(1))
    const touched = recording.reads.length
    expect(touched).toBeLessThanOrEqual(4)
    hamt.get(text(1))
    hamt.set(text(1), 7)
    expect(recording.reads).toHaveLength(touched)
    hamt.flush()
    expect(recording.writes.length).toBeLessThanOrEqual(touched)
  })

  test('a missing node is an error where it is needed, and nowhere else', () => {
    const blocks = new MemoryBlockstore()
    const created = Hamt.create(new CborStore(blocks, crypto), OPTIONS)
    for (let i = 0; i < 200; i++) created.set(text(i), i)
    const root = created.flush()
    for (const [cid] of [...blocks.entries()]) if (String(cid) !== String(root)) blocks.delete(cid)
    const hamt = Hamt.load(new CborStore(blocks, crypto), root, OPTIONS)
    for (const use of [
      () => hamt.get(text(1)),
      () => hamt.set(text(1), 2),
      () => hamt.delete(text(1)),
      () => [...hamt.entries()],
    ])
      expectCode(use, 'blockstore/absent')
    expect(hamt.root).toBe(root)
    blocks.delete(root)
    expectCode(() => Hamt.load(new CborStore(blocks, crypto), root, OPTIONS), 'blockstore/absent')
  })

  test('a node that is unavailable now can be had later, from the same map', () => {
    const blocks = new MemoryBlockstore()
    const created = Hamt.create(new CborStore(blocks, crypto), OPTIONS)
    for (let i = 0; i < 200; i++) created.set(text(i), i)
    const root = created.flush()
    let reachable = new Set([String(root)])
    const slow: Blockstore = {
      get: (cid) => {
        if (!reachable.has(String(cid))) throw new IpldError('blockstore/unavailable', `${cid} is elsewhere`)
        return blocks.get(cid)
      },
      has: (cid) => blocks.has(cid),
      put: (cid, bytes) => blocks.put(cid, bytes),
    }
    const hamt = Hamt.load(new CborStore(slow, crypto), root, OPTIONS)
    const uses = [() => hamt.get(text(1)), () => hamt.set(text(1), 1000), () => hamt.delete(text(2))]
    for (const use of uses) expectCode(use, 'blockstore/unavailable')
    expect(hamt.root).toBe(root)
    reachable = new Set([...blocks.entries()].map(([cid]) => String(cid)))
    for (const use of uses) expect(use).not.toThrow()
    created.set(text(1), 1000)
    created.delete(text(2))
    expect(String(hamt.flush())).toBe(String(created.flush()))
  })

  test('a shared cache spares the store, and keeps apart what was decoded differently', () => {
    const blocks = new MemoryBlockstore()
    const cache = new NodeCache()
    const created = Hamt.create(new CborStore(blocks, crypto, cache), OPTIONS)
    for (let i = 0; i < 200; i++) created.set(text(i), i)
    const root = created.flush()
    const recording = new RecordingBlockstore(blocks)
    const store = new CborStore(recording, crypto, cache)
    expect(Hamt.load(store, root, OPTIONS).get(text(150))).toBe(150)
    expect(recording.reads).toEqual([])
    const doubled: ValueCodec<number> = { encode: UINT.encode, decode: (reader) => 2 * reader.uint() }
    expect(Hamt.load(store, root, { ...OPTIONS, value: doubled }).get(text(150))).toBe(300)
    expect(Hamt.load(store, root, OPTIONS).get(text(150))).toBe(150)
    expectCode(() => Hamt.load(store, root, { ...OPTIONS, bitWidth: 2 }), 'hamt/pointer-count')
  })

  test('changing one map leaves others with the same nodes alone', () => {
    const store = newStore()
    const first = Hamt.create(store, OPTIONS)
    for (let i = 0; i < 200; i++) first.set(text(i), i)
    const root = first.flush()
    const second = Hamt.load(store, root, OPTIONS)
    for (let i = 0; i < 200; i += 3) first.set(text(i), 1000)
    for (let i = 1; i < 200; i += 3) first.delete(text(i))
    for (let i = 0; i < 200; i++) expect(second.get(text(i))).toBe(i)
    expect(String(second.flush())).toBe(String(root))
    expect(String(Hamt.load(store, root, OPTIONS).flush())).toBe(String(root))
  })

  test('deleting from one map leaves others with the same nodes alone', () => {
    const store = newStore()
    const first = Hamt.create(store, OPTIONS)
    for (let i = 0; i < 10; i++) first.set(text(i), i)
    const root = first.flush()
    first.delete(text(3))
    expect(Hamt.load(store, root, OPTIONS).get(text(3))).toBe(3)
    expect(first.has(text(3))).toBe(false)
  })

  test('a root may be CBOR or DAG-CBOR, nothing else', () => {
    const store = newStore()
    const block = hex('82 41 01 81 81 82 41 61 01')
    for (const codec of [0x51, DAG_CBOR]) {
      const root = store.putBlock(codec, block)
      expect([...Hamt.load(store, root, OPTIONS).entries()]).toHaveLength(1)
    }
    expectCode(() => Hamt.load(store, store.putBlock(RAW, block), OPTIONS), 'hamt/link-codec')
  })
})

describe('malformed nodes', () => {
  const child = decodeCid(hex(`0171a0e40220${'00'.repeat(32)}`))
  const rawChild = decodeCid(hex(`0155a0e40220${'00'.repeat(32)}`))

  test.each<[string, string, string]>([
    ['nothing', '', 'cbor/malformed'],
    ['no array', 'a0', 'cbor/unexpected-type'],
    ['three parts', '83400000', 'cbor/unexpected-type'],
    ['bytes after it', '82408000', 'cbor/trailing-bytes'],
    ['a bitfield that is a text', '826080', 'cbor/unexpected-type'],
    ['a bitfield of 33 bytes', `825821${'00'.repeat(33)}80`, 'hamt/bitfield-length'],
    ['fewer pointers than bits', '82410381818241 61 01', 'hamt/pointer-count'],
    ['more pointers than bits', '82410182 8182416101 8182416201', 'hamt/pointer-count'],
    [
      'more pointers than the width allows',
      `8245ffffffffff9828${'8182416101'.repeat(40)}`,
      'hamt/pointer-count',
    ],
    ['a pointer that is a number', '82410181 01', 'hamt/pointer-kind'],
    ['a pointer that is a map', '82410181 a1613000', 'hamt/pointer-kind'],
    ['a link that is not DAG-CBOR', `82410181 ${link(rawChild)}`, 'hamt/link-codec'],
    ['a link under another tag', '82410181 d82b420000', 'cbor/unexpected-type'],
    ['an empty bucket', '82410181 80', 'hamt/bucket-size'],
    ['a bucket of four', '82410181 84 82416101 82416201 82416301 82416401', 'hamt/bucket-size'],
    ['unsorted keys', '82410181 82 82416201 82416101', 'hamt/bucket-order'],
    ['repeated keys', '82410181 82 82416101 82416101', 'hamt/bucket-order'],
    ['a key after what it begins', '82410181 82 8242616101 82416101', 'hamt/bucket-order'],
    ['a pair of three', '82410181 81 8341610101', 'cbor/unexpected-type'],
    ['a key that is a text', '82410181 81 82616101', 'cbor/unexpected-type'],
    ['a value of another type', '82410181 81 82416140', 'cbor/unexpected-type'],
    // Pointers are read exactly, unlike the node around them.
    ['a bucket with a header of major type 0', '82410181 01 82416101', 'hamt/pointer-kind'],
    ['a pair with a header of major type 0', '82410181 81 02416101', 'cbor/unexpected-type'],
    ['a key with a header of major type 0', '82410181 81 82016101', 'cbor/unexpected-type'],
  ])('%s', (_, block, code) => {
    expectCode(() => loadBlock(block), code)
  })

  test('what the reference takes is taken: lenient headers around pointers, wide bitfields, long integers', () => {
    for (const block of [
      '02 41 01 81 81 82 41 61 01',
      '82 01 01 81 81 82 41 61 01',
      '82 41 01 01 81 82 41 61 01',
      '82 44 00000001 81 81 82 41 61 01',
      '82 5f 41 01 ff 98 01 81 82 41 61 1b0000000000000001',
      `82 5820 ${'00'.repeat(31)}01 81 81 82 41 61 01`,
      // Bit 40 can never be looked up under a width of 5.
      '82 46 010000000000 81 81 82 41 61 01',
    ])
      expect([...loadBlock(block).entries()].map(([key, value]) => [toHex(key), value])).toEqual([['61', 1]])
  })

  test('only a root may be empty', () => {
    const store = newStore()
    const empty = store.putBlock(DAG_CBOR, hex('8240 80'))
    expect(Hamt.load(store, empty, OPTIONS).isEmpty).toBe(true)
    const root = store.putBlock(DAG_CBOR, hex(`82 41 01 81 ${link(empty)}`))
    const hamt = Hamt.load(store, root, IDENTITY)
    expectCode(() => hamt.get(hex('00')), 'hamt/empty-node')
    expectCode(() => [...hamt.entries()], 'hamt/empty-node')
  })

  test('buckets may not stand above their least depth', () => {
    const block = '82 41 01 81 81 82 41 61 01'
    expectCode(() => loadBlock(block, { ...OPTIONS, minDataDepth: 1 }), 'hamt/bucket-place')
    expect(() => loadBlock(block, { ...OPTIONS, minDataDepth: 0 })).not.toThrow()
    const store = newStore()
    const root = store.putBlock(
      DAG_CBOR,
      hex(`82 41 01 81 ${link(store.putBlock(DAG_CBOR, hex('82 41 01 81 81 82 41 00 01')))}`),
    )
    const options: HamtOptions<number> = { ...IDENTITY, minDataDepth: 2 }
    expectCode(() => Hamt.load(store, root, options).get(hex('00')), 'hamt/bucket-place')
    expectCode(() => [...Hamt.load(store, root, options).entries()], 'hamt/bucket-place')
    expect(Hamt.load(store, root, { ...options, minDataDepth: 1 }).get(hex('00'))).toBe(1)
  })

  test('a node that should have been a bucket cannot be emptied', () => {
    const store = newStore()
    const lonely = store.putBlock(DAG_CBOR, hex('82 41 01 81 81 82 41 00 01'))
    const root = store.putBlock(DAG_CBOR, hex(`82 41 01 81 ${link(lonely)}`))
    const hamt = Hamt.load(store, root, IDENTITY)
    expectCode(() => hamt.delete(hex('00')), 'hamt/empty-node')
    expect(hamt.get(hex('00'))).toBe(1)
    expect(hamt.root).toBe(root)
  })

  test.each([
    [1, 256],
    [5, 52],
    [8, 32],
  ])('under bit width %i, a chain of more than %i nodes is deeper than the hash', (bitWidth, levels) => {
    const options = { ...IDENTITY, bitWidth }
    const store = newStore()
    let node = store.putBlock(DAG_CBOR, hex('82 41 01 81 81 82 41 00 01'))
    for (let depth = levels - 1; depth > 0; depth--)
      node = store.putBlock(DAG_CBOR, hex(`82 41 01 81 ${link(node)}`))
    const deepest = Hamt.load(store, node, options)
    expect(deepest.get(hex('00'))).toBe(1)
    expect([...deepest.entries()]).toHaveLength(1)
    const tooDeep = Hamt.load(store, store.putBlock(DAG_CBOR, hex(`82 41 01 81 ${link(node)}`)), options)
    expectCode(() => tooDeep.get(hex('00')), 'hamt/max-depth')
    expectCode(() => [...tooDeep.entries()], 'hamt/max-depth')
  })

  test('a link to a node that is not in the store fails where it is followed', () => {
    const hamt = loadBlock(`82 41 01 81 ${link(child)}`, IDENTITY)
    expect(child.multihash.code).toBe(BLAKE2B_256)
    expectCode(() => hamt.get(hex('00')), 'blockstore/absent')
  })

  test('arbitrary blocks are loaded or refused with a code, never otherwise', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (tail) => {
        const store = newStore()
        const block = Uint8Array.from([0x82, 0x41, 0x01, ...tail])
        try {
          expect(Hamt.load(store, store.putBlock(DAG_CBOR, block), OPTIONS).isEmpty).toBe(false)
        } catch (error) {
          expect(error).toHaveProperty('code', expect.stringMatching(/^(hamt|cbor|cid)\//))
        }
      }),
      { seed: 1, numRuns: 1000 },
    )
  })
})

describe('depth', () => {
  const collision = (last: number) => Uint8Array.from([...new Uint8Array(32), last])

  test('keys that share all of their hash fit one bucket, and no more', () => {
    const hamt = Hamt.create(newStore(), IDENTITY)
    for (const last of [1, 2, 3]) hamt.set(collision(last), last)
    const root = hamt.flush()
    expectCode(() => hamt.set(collision(4), 4), 'hamt/max-depth')
    expect(hamt.has(collision(4))).toBe(false)
    expect([...hamt.entries()]).toHaveLength(3)
    expect(String(hamt.flush())).toBe(String(root))
    hamt.set(hex('ff'), 5)
    expectCode(() => hamt.set(collision(4), 4), 'hamt/max-depth')
    hamt.delete(hex('ff'))
    expect(String(hamt.flush())).toBe(String(root))
  })

  test('keys that share all but the last bit part at the last depth', () => {
    const hamt = Hamt.create(newStore(), IDENTITY)
    const keys = [0, 1].flatMap((bit) =>
      [1, 2].map((last) => Uint8Array.from([...new Uint8Array(31), bit, last])),
    )
    for (const [i, key] of keys.entries()) hamt.set(key, i)
    for (const [i, key] of keys.entries()) expect(hamt.get(key)).toBe(i)
    expect([...hamt.entries()].map(([, value]) => value)).toEqual([0, 1, 2, 3])
    for (const key of keys) expect(hamt.delete(key)).toBe(true)
    expect(String(hamt.flush())).toBe(EMPTY_ROOT)
  })
})

test('a state tree of the shape Filecoin has can be read and written', () => {
  const store = newStore()
  const head = cidOf(crypto, DAG_CBOR, hex('80'))
  const value: ValueCodec<readonly [Cid, number, bigint]> = {
    encode: (writer, [cid, sequence, balance]) =>
      void writer.array(3).cid(cid).uint(sequence).bigInt(balance),
    decode: (reader) => {
      reader.tuple(3)
      return [reader.cid(), reader.uint(), reader.bigInt()]
    },
  }
  const actors = Hamt.create(store, { bitWidth: 5, value })
  for (let id = 0; id < 500; id++)
    actors.set(Uint8Array.of(0, (id & 0x7f) | 0x80, id >> 7), [head, id, BigInt(id) * 10n ** 18n])
  const again = Hamt.load(new CborStore(store.blocks, crypto), actors.flush(), { bitWidth: 5, value })
  const [cid, sequence, balance] = again.get(Uint8Array.of(0, 0x81, 3)) ?? expect.fail()
  expect([String(cid), sequence, balance]).toEqual([String(head), 385, 385n * 10n ** 18n])
})
