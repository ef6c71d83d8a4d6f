import { loadCrypto } from '@troupe/crypto'
import { CborWriter, type Cid, cidOf, DAG_CBOR, decodeCid, MemoryBlockstore, RAW } from '@troupe/ipld'
import { CarWriter, decodeCar, encodeCar, loadCar } from '@troupe/ipld/car'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expectCode } from './codes.ts'
import { hex, toHex } from './hex.ts'

const crypto = await loadCrypto()

/** What @ipld/car 5.4.7 writes for a DAG-CBOR array of one link to a raw block `leaf`. */
const GOLDEN = hex(`
  3c a265726f6f747381d82a5827000171a0e40220dbc53799bc892e2d43d105ff8ac13c02d7d65c3944c4b087a92d5a80257c99e4
     6776657273696f6e01
  52 0171a0e40220dbc53799bc892e2d43d105ff8ac13c02d7d65c3944c4b087a92d5a80257c99e4
     81d82a5827000155a0e40220ca44a5bebe5187f941e272b3de93f82b5d5e7053f2df58e2e8634cc2e779d566
  2a 0155a0e40220ca44a5bebe5187f941e272b3de93f82b5d5e7053f2df58e2e8634cc2e779d566
     6c656166`)

const LEAF = new TextEncoder().encode('leaf')
const LEAF_CID = cidOf(crypto, RAW, LEAF)
const TOP = new CborWriter().array(1).cid(LEAF_CID).finish()
const TOP_CID = cidOf(crypto, DAG_CBOR, TOP)
const BLOCKS: readonly (readonly [Cid, Uint8Array])[] = [
  [TOP_CID, TOP],
  [LEAF_CID, LEAF],
]
/** A header without roots. */
const HEADER = '11 a265726f6f7473806776657273696f6e01'

const decode = (bytes: string) => decodeCar(hex(bytes), crypto)

describe('encodeCar', () => {
  test('writes what @ipld/car writes', () => {
    expect(toHex(encodeCar([TOP_CID], BLOCKS))).toBe(toHex(GOLDEN))
    expect(toHex(encodeCar([], []))).toBe(toHex(hex(HEADER)))
  })

  test.each([
    // Behind a header of 61 bytes, with a CID of 38 and room for a length of 8.
    ['that fill a piece', [262_037, 100]],
    ['that are a byte too long for the rest of a piece', [262_038, 100]],
    ['that are longer than any piece', [100, 300_000, 700_000, 1]],
    ['of which many fit a piece', Array.from({ length: 5000 }, (_, index) => index % 200)],
  ])('puts blocks together %s', (_, lengths) => {
    const blocks = lengths.map((length, index): [Cid, Uint8Array] => {
      const block = new Uint8Array(length).fill(index)
      return [cidOf(crypto, RAW, block), block]
    })
    expect(decodeCar(encodeCar([TOP_CID], blocks), crypto)).toEqual({ roots: [TOP_CID], blocks })
  })

  test('copies blocks when they come', () => {
    const car = new CarWriter([TOP_CID])
    const lent = TOP.slice()
    car.add(TOP_CID, lent)
    lent.fill(0)
    car.add(LEAF_CID, LEAF)
    expect(toHex(car.finish())).toBe(toHex(GOLDEN))
  })

  test('writes what decodeCar reads', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), fc.nat(3), (contents, rootCount) => {
        const blocks = contents.map((bytes) => [cidOf(crypto, RAW, bytes), bytes] as const)
        const roots = blocks.slice(0, rootCount).map(([cid]) => cid)
        const car = decodeCar(encodeCar(roots, blocks), crypto)
        expect(car.roots.map(String)).toEqual(roots.map(String))
        expect(car.blocks.map(([cid, bytes]) => [String(cid), toHex(bytes)])).toEqual(
          blocks.map(([cid, bytes]) => [String(cid), toHex(bytes)]),
        )
      }),
      { seed: 1, numRuns: 100 },
    )
  })
})

describe('decodeCar', () => {
  test('reads roots and blocks, as views of the input', () => {
    const { roots, blocks } = decodeCar(GOLDEN, crypto)
    expect(roots.map(String)).toEqual([String(TOP_CID)])
    expect(blocks.map(([cid, bytes]) => [String(cid), toHex(bytes)])).toEqual(
      BLOCKS.map(([cid, bytes]) => [String(cid), toHex(bytes)]),
    )
    for (const [cid, bytes] of blocks)
      expect([cid.bytes.buffer, bytes.buffer]).toEqual([GOLDEN.buffer, GOLDEN.buffer])
  })

  test('reads a header with its keys in the other order', () => {
    expect(decode('11 a26776657273696f6e0165726f6f747380')).toEqual({ roots: [], blocks: [] })
  })

  test('reads blocks with identity and sha2-256 CIDs', () => {
    const sha = decodeCid(Uint8Array.from([1, RAW, 0x12, 32, ...crypto.sha256(LEAF)]))
    const identity = decodeCid(Uint8Array.from([1, RAW, 0, LEAF.length, ...LEAF]))
    const version0 = decodeCid(Uint8Array.from([0x12, 32, ...crypto.sha256(LEAF)]))
    const blocks = [sha, identity, version0].map((cid) => [cid, LEAF] as const)
    expect(decodeCar(encodeCar([], blocks), crypto).blocks.map(([cid]) => String(cid))).toEqual(
      blocks.map(([cid]) => String(cid)),
    )
  })

  test.each([
    ['no bytes', '', 'car/truncated'],
    ['an empty header', '00', 'car/bad-header'],
    ['a header cut off', '11 a265', 'car/truncated'],
    ['a header that is no map', '01 80', 'car/bad-header'],
    ['a header that is no CBOR', '01 ff', 'car/bad-header'],
    ['a header without roots', '0a a16776657273696f6e01', 'car/bad-header'],
    ['a header without version', '08 a165726f6f747380', 'car/bad-header'],
    ['a header with something else', '14 a365726f6f7473806776657273696f6e01616100', 'car/bad-header'],
    [
      'a header with something else instead of roots',
      '11 a265736f6f7473806776657273696f6e01',
      'car/bad-header',
    ],
    ['a header that says version twice', '13 a26776657273696f6e016776657273696f6e01', 'car/bad-header'],
    ['a header that says roots twice', '0f a265726f6f74738065726f6f747380', 'car/bad-header'],
    ['a header with bytes after the map', '12 a265726f6f7473806776657273696f6e0100', 'car/bad-header'],
    ['roots that are no CIDs', '12 a265726f6f747381006776657273696f6e01', 'car/bad-header'],
    ['a root that is malformed', '16 a265726f6f747381d82a4200026776657273696f6e01', 'car/bad-header'],
    ['version 2', '0a a16776657273696f6e02', 'car/unsupported-version'],
    ['version 3', '11 a265726f6f7473806776657273696f6e03', 'car/unsupported-version'],
    ['a length that is not minimal', '8000', 'car/bad-varint'],
    ['a length cut off', `${HEADER} 80`, 'car/bad-varint'],
    ['a length of more than 64 bits', `${HEADER} ffffffffffffffffffffff01`, 'car/bad-varint'],
    ['a length beyond all memory', `${HEADER} ffffffffffffffff7f`, 'car/too-large'],
    ['a block cut off', `${HEADER} 05 01550000`, 'car/truncated'],
    ['a block of no bytes', `${HEADER} 00`, 'car/bad-cid'],
    ['a block with a malformed CID', `${HEADER} 04 02550000`, 'car/bad-cid'],
    ['a block shorter than its CID', `${HEADER} 05 0155000201`, 'car/bad-cid'],
    ['a block that is not what its CID says', `${HEADER} 06 015500010102`, 'blockstore/hash-mismatch'],
    ['a hash function that is unknown', `${HEADER} 06 01551b010101`, 'blockstore/hash-unsupported'],
  ])('refuses %s', (_, bytes, code) => {
    expectCode(() => decode(bytes), code)
  })

  test('refuses a block of which any byte was changed', () => {
    const start = GOLDEN.length - LEAF.length
    for (let at = start; at < GOLDEN.length; at++) {
      const changed = GOLDEN.slice()
      changed[at] = (changed[at] ?? 0) ^ 1
      expectCode(() => decodeCar(changed, crypto), 'blockstore/hash-mismatch')
    }
  })

  test('every proper prefix is refused or ends between blocks', () => {
    const whole = [0x3d, 0x3d + 0x53, GOLDEN.length]
    for (let length = 0; length < GOLDEN.length; length++) {
      const read = () => decodeCar(GOLDEN.subarray(0, length), crypto)
      if (whole.includes(length)) expect(read().blocks).toHaveLength(whole.indexOf(length))
      else expectCode(read, 'car/truncated')
    }
  })

  test('keeps to its limits, exactly', () => {
    const limits = { maxHeaderBytes: 0x3c, maxBlockBytes: 0x52, maxBlocks: 2 }
    expect(decodeCar(GOLDEN, crypto, limits).blocks).toHaveLength(2)
    expectCode(() => decodeCar(GOLDEN, crypto, { ...limits, maxHeaderBytes: 0x3b }), 'car/too-large')
    expectCode(() => decodeCar(GOLDEN, crypto, { ...limits, maxBlockBytes: 0x51 }), 'car/too-large')
    expectCode(() => decodeCar(GOLDEN, crypto, { ...limits, maxBlocks: 1 }), 'car/too-large')
  })

  test('arbitrary bytes are read or refused with a code, never otherwise', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.boolean(), (bytes, withHeader) => {
        const input = withHeader ? Uint8Array.from([...hex(HEADER), ...bytes]) : bytes
        try {
          expect(decodeCar(input, crypto).roots).toEqual([])
        } catch (error) {
          expect(error).toHaveProperty('code', expect.stringMatching(/^(car|blockstore)\//))
        }
      }),
      { seed: 1, numRuns: 1000 },
    )
  })
})

describe('loadCar', () => {
  test('puts the blocks and gives the roots', () => {
    const store = new MemoryBlockstore()
    expect(loadCar(store, GOLDEN, crypto).map(String)).toEqual([String(TOP_CID)])
    expect(store.size).toBe(2)
    expect(toHex(store.get(LEAF_CID) ?? hex(''))).toBe(toHex(LEAF))
  })

  test('puts nothing where any block is wrong', () => {
    const store = new MemoryBlockstore()
    const changed = GOLDEN.slice()
    changed[GOLDEN.length - 1] = 0
    expectCode(() => loadCar(store, changed, crypto), 'blockstore/hash-mismatch')
    expectCode(() => loadCar(store, GOLDEN, crypto, { maxBlocks: 1 }), 'car/too-large')
    expect(store.size).toBe(0)
  })
})
