import { loadCrypto } from '@troupe/crypto'
import {
  BLAKE2B_256,
  type Blockstore,
  BufferedBlockstore,
  CBOR,
  CborStore,
  CborWriter,
  type Cid,
  cidEquals,
  cidOf,
  DAG_CBOR,
  decodeCid,
  FIL_COMMITMENT_SEALED,
  FIL_COMMITMENT_UNSEALED,
  type FlushOptions,
  IDENTITY,
  type IpldError,
  MemoryBlockstore,
  NodeCache,
  RAW,
  RecordingBlockstore,
  SHA2_256,
  scanLinks,
  toInterfaceBlockstore,
  VerifyingBlockstore,
  verifyBlock,
} from '@troupe/ipld'
import { blockstoreCases } from '@troupe/testkit/stores'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expectCode } from './codes.ts'
import { hex, toHex } from './hex.ts'

const crypto = await loadCrypto()

blockstoreCases('MemoryBlockstore', () => new MemoryBlockstore())
blockstoreCases('BufferedBlockstore', () => new BufferedBlockstore(new MemoryBlockstore()))
blockstoreCases('RecordingBlockstore', () => new RecordingBlockstore(new MemoryBlockstore()))
blockstoreCases('VerifyingBlockstore', () => new VerifyingBlockstore(new MemoryBlockstore(), crypto))

/** A CID of version 1 from its parts; the digest may be of any length. */
function cidFrom(codec: number, hash: number, digest: Uint8Array): Cid {
  const varint = (value: number): number[] =>
    value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >> 7)]
  return decodeCid(Uint8Array.from([1, ...varint(codec), ...varint(hash), digest.length, ...digest]))
}

/** A DAG-CBOR array of links, and its CID. */
function linking(...cids: Cid[]): [Cid, Uint8Array] {
  const writer = new CborWriter().array(cids.length)
  for (const cid of cids) writer.cid(cid)
  const bytes = writer.finish()
  return [cidOf(crypto, DAG_CBOR, bytes), bytes]
}

function leaf(value: number, codec: number = DAG_CBOR): [Cid, Uint8Array] {
  const bytes = new CborWriter().uint(value).finish()
  return [cidOf(crypto, codec, bytes), bytes]
}

/** The options of the earliest generation. */
const MINIMAL: FlushOptions = { codecs: [RAW, DAG_CBOR], keepUnreachable: false, links: 'minimal' }

describe('BufferedBlockstore', () => {
  test('holds blocks back until they are flushed', () => {
    const base = new MemoryBlockstore()
    const buffered = new BufferedBlockstore(base)
    const [cid, bytes] = leaf(8)
    buffered.put(cid, bytes)
    expect(base.has(cid)).toBe(false)
    expect(buffered.pending).toBe(1)
    buffered.flush(cid)
    expect(base.get(cid)).toBe(bytes)
    expect(buffered.get(cid)).toBe(bytes)
    expect(buffered.pending).toBe(0)
  })

  // The scenario of the reference's own test, in `fvm/src/blockstore/buffered.rs`.
  test.each([
    ['later generations', CBOR, undefined],
    ['the earliest generation', RAW, MINIMAL],
  ] as const)('moves what the root reaches and follows no commitments, as in %s', (_, codec, options) => {
    const base = new MemoryBlockstore()
    const buffered = new BufferedBlockstore(base)
    const array = leaf(1)
    const identity = cidFrom(codec, IDENTITY, hex('00'))
    const sealed = cidFrom(FIL_COMMITMENT_SEALED, 0xb401, new Uint8Array(32).fill(7))
    const unsealed = cidFrom(FIL_COMMITMENT_UNSEALED, 0x1012, new Uint8Array(32).fill(5))
    const object = linking(array[0], sealed, unsealed, identity)
    const root = linking(object[0])
    const unconnected = leaf(27)
    for (const block of [array, object, root, unconnected]) buffered.put(...block)
    buffered.flush(root[0], options)
    for (const [cid, bytes] of [array, object, root]) expect(base.get(cid)).toBe(bytes)
    for (const cid of [identity, sealed, unsealed, unconnected[0]]) expect(base.has(cid)).toBe(false)
    expect(buffered.has(unconnected[0])).toBe(options === undefined)
    expect(buffered.pending).toBe(options === undefined ? 1 : 0)
  })

  test('writes children before parents, each block once', () => {
    const base = new RecordingBlockstore(new MemoryBlockstore())
    const buffered = new BufferedBlockstore(base)
    const shared = leaf(1)
    const left = linking(shared[0])
    const right = linking(shared[0], left[0])
    const root = linking(left[0], right[0], shared[0])
    for (const block of [root, right, left, shared]) buffered.put(...block)
    buffered.flush(root[0])
    expect(base.writes.map(String)).toEqual([shared, left, right, root].map(([cid]) => String(cid)))
  })

  test('takes a block that is not buffered to be in the base, with all that it reaches', () => {
    const base = new MemoryBlockstore()
    const buffered = new BufferedBlockstore(base)
    const below = leaf(1)
    const missing = linking(below[0])
    const root = linking(missing[0])
    buffered.put(...below)
    buffered.put(...root)
    buffered.flush(root[0])
    expect(base.has(root[0])).toBe(true)
    expect(base.has(below[0])).toBe(false)
  })

  test('looks through identity CIDs for links', () => {
    const base = new MemoryBlockstore()
    const buffered = new BufferedBlockstore(base)
    const target = leaf(1)
    const inline = new CborWriter().array(1).cid(target[0]).finish()
    const root = linking(cidFrom(DAG_CBOR, IDENTITY, inline))
    buffered.put(...target)
    buffered.put(...root)
    buffered.flush(root[0])
    expect(base.has(target[0])).toBe(true)
  })

  test('leaves blocks under identity CIDs in the buffer', () => {
    const base = new MemoryBlockstore()
    const buffered = new BufferedBlockstore(base)
    const identity = cidFrom(RAW, IDENTITY, hex('00'))
    const root = linking(identity)
    buffered.put(identity, hex('00'))
    buffered.put(...root)
    buffered.flush(root[0])
    expect(base.has(root[0])).toBe(true)
    expect(base.has(identity)).toBe(false)
    expect(buffered.has(identity)).toBe(true)
  })

  test('follows a chain deeper than any stack', () => {
    const base = new MemoryBlockstore()
    const buffered = new BufferedBlockstore(base)
    let last = leaf(1)
    buffered.put(...last)
    for (let i = 0; i < 20_000; i++) {
      last = linking(last[0])
      buffered.put(...last)
    }
    buffered.flush(last[0])
    expect(base.size).toBe(20_001)
  })

  test.each<[string, Cid, FlushOptions | undefined]>([
    ['another codec', cidFrom(0x70, BLAKE2B_256, new Uint8Array(32)), undefined],
    ['another hash', cidFrom(DAG_CBOR, SHA2_256, new Uint8Array(32)), undefined],
    ['a truncated hash', cidFrom(DAG_CBOR, BLAKE2B_256, new Uint8Array(20)), undefined],
    ['CBOR in the earliest generation', cidFrom(CBOR, BLAKE2B_256, new Uint8Array(32)), MINIMAL],
    ['CBOR inline in the earliest generation', cidFrom(CBOR, IDENTITY, hex('00')), MINIMAL],
  ])('refuses a root that reaches a CID with %s, and changes nothing', (_, cid, options) => {
    const base = new MemoryBlockstore()
    const buffered = new BufferedBlockstore(base)
    const first = leaf(1)
    const root = linking(first[0], cid)
    buffered.put(...first)
    buffered.put(...root)
    expectCode(() => buffered.flush(root[0], options), 'blockstore/unflushable')
    expectCode(() => buffered.flush(cid, options), 'blockstore/unflushable')
    expect(base.size).toBe(0)
    expect(buffered.pending).toBe(2)
  })

  test('reaches what a walk over all links reaches, in any graph', () => {
    const outside = cidFrom(DAG_CBOR, BLAKE2B_256, new Uint8Array(32).fill(9))
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.nat({ max: 40 }), { maxLength: 5 }), { minLength: 1, maxLength: 30 }),
        fc.constantFrom(undefined, MINIMAL),
        (graph, options) => {
          const blocks: [Cid, Uint8Array][] = []
          for (const [at, targets] of graph.entries()) {
            const cids = targets.map((target) => blocks[target % Math.max(at, 1)]?.[0] ?? outside)
            // Like none in the buffer but for the last bytes, and inline what another block has as a link.
            const digest = (cids[0] ?? outside).multihash.digest.slice().fill(1, 0, 4)
            const alike = cidFrom(DAG_CBOR, BLAKE2B_256, digest)
            const inline = cidFrom(DAG_CBOR, IDENTITY, linking(...cids.slice(0, 1))[1].subarray(0, 64))
            blocks.push(linking(alike, ...cids.slice(1), inline))
          }
          const root = blocks.at(-1) as [Cid, Uint8Array]
          const base = new MemoryBlockstore()
          const buffered = new BufferedBlockstore(base)
          for (const block of blocks) buffered.put(...block)
          buffered.flush(root[0], options)

          const byCid = new Map(blocks.map(([cid, bytes]) => [toHex(cid.bytes), bytes]))
          const reached = new Set<string>()
          const walk = (cid: Cid): void => {
            const key = toHex(cid.bytes)
            const bytes = cid.multihash.code === IDENTITY ? cid.multihash.digest : byCid.get(key)
            if (bytes === undefined || reached.has(key)) return
            if (byCid.has(key)) reached.add(key)
            for (const link of scanLinks(bytes)) walk(link)
          }
          walk(root[0])
          expect([...base.entries()].map(([cid]) => toHex(cid.bytes)).sort()).toEqual([...reached].sort())
        },
      ),
      { seed: 1, numRuns: 200 },
    )
  })

  test('refuses a block whose links cannot be found, by the rules of the generation', () => {
    const flush = (bytes: Uint8Array, options?: FlushOptions) => () => {
      const buffered = new BufferedBlockstore(new MemoryBlockstore())
      const cid = cidOf(crypto, DAG_CBOR, bytes)
      buffered.put(cid, bytes)
      buffered.flush(cid, options)
    }
    expectCode(flush(hex('')), 'blockstore/unflushable')
    expectCode(flush(hex('9fff')), 'blockstore/unflushable')
    expectCode(flush(hex('4201')), 'blockstore/unflushable')
    expect(flush(hex('4201'), MINIMAL)).not.toThrow()
    expectCode(flush(hex('1800'), MINIMAL), 'blockstore/unflushable')
    expect(flush(hex('1800'))).not.toThrow()
    // Neither looks at what follows the item, or at raw and CBOR blocks.
    expect(flush(hex('00ff'))).not.toThrow()
    const raw = new BufferedBlockstore(new MemoryBlockstore())
    const garbage = hex('ff')
    raw.put(cidOf(crypto, RAW, garbage), garbage)
    raw.flush(cidOf(crypto, RAW, garbage))
    expect(raw.pending).toBe(0)
  })

  test('keeps what made a flush impossible as the cause', () => {
    const buffered = new BufferedBlockstore(new MemoryBlockstore())
    const bytes = hex('d82a4101')
    const cid = cidOf(crypto, DAG_CBOR, bytes)
    buffered.put(cid, bytes)
    try {
      buffered.flush(cid)
      expect.fail()
    } catch (error) {
      expect((error as IpldError).cause).toMatchObject({ code: 'cid/malformed' })
    }
  })

  test('can discard everything, and flush everything', () => {
    const base = new MemoryBlockstore()
    const buffered = new BufferedBlockstore(base)
    buffered.put(...leaf(1))
    buffered.discard()
    expect(buffered.has(leaf(1)[0])).toBe(false)
    buffered.put(...leaf(2))
    buffered.put(...leaf(3))
    buffered.flushAll()
    expect(base.size).toBe(2)
    expect(buffered.pending).toBe(0)
  })

  test('hands a flush to the base as one batch, where the base takes batches', () => {
    const batches: Cid[][] = []
    const memory = new MemoryBlockstore()
    const base: Blockstore = {
      get: (cid) => memory.get(cid),
      has: (cid) => memory.has(cid),
      put: (cid, bytes) => memory.put(cid, bytes),
      putMany: (blocks) => void batches.push([...blocks].map(([cid]) => cid)),
    }
    const buffered = new BufferedBlockstore(base)
    const child = leaf(1)
    const root = linking(child[0])
    buffered.put(...child)
    buffered.put(...root)
    buffered.flush(root[0])
    expect(batches.map((batch) => batch.map(String))).toEqual([[String(child[0]), String(root[0])]])
  })
})

describe('RecordingBlockstore', () => {
  test('notes reads, misses and writes, each once and in order', () => {
    const recording = new RecordingBlockstore(new MemoryBlockstore())
    const [a, b, c] = [leaf(1), leaf(2), leaf(3)]
    recording.get(c[0])
    recording.put(...b)
    recording.put(...a)
    recording.put(...b)
    recording.get(a[0])
    recording.has(b[0])
    recording.get(a[0])
    recording.has(c[0])
    expect(recording.writes.map(String)).toEqual([String(b[0]), String(a[0])])
    expect(recording.reads.map(String)).toEqual([String(a[0]), String(b[0])])
    expect(recording.absent.map(String)).toEqual([String(c[0])])
    recording.reset()
    expect([recording.reads, recording.writes, recording.absent]).toEqual([[], [], []])
    expect(recording.has(a[0])).toBe(true)
  })
})

describe('VerifyingBlockstore', () => {
  const bytes = hex('82 01 02')

  test('passes blocks with identity, sha2-256 and blake2b-256 hashes', () => {
    const store = new VerifyingBlockstore(new MemoryBlockstore(), crypto)
    for (const cid of [
      cidFrom(RAW, IDENTITY, bytes),
      cidFrom(RAW, SHA2_256, crypto.sha256(bytes)),
      cidFrom(RAW, BLAKE2B_256, crypto.blake2b(bytes, 32)),
    ]) {
      store.put(cid, bytes)
      expect(toHex(store.get(cid) ?? hex(''))).toBe(toHex(bytes))
    }
  })

  test('refuses a block that is not what its CID says, on the way in and out', () => {
    const memory = new MemoryBlockstore()
    const store = new VerifyingBlockstore(memory, crypto)
    for (const cid of [
      cidFrom(RAW, IDENTITY, hex('00')),
      cidFrom(RAW, SHA2_256, new Uint8Array(32)),
      cidFrom(RAW, SHA2_256, crypto.sha256(bytes).subarray(0, 20)),
      cidFrom(RAW, BLAKE2B_256, new Uint8Array(32)),
    ]) {
      expectCode(() => store.put(cid, bytes), 'blockstore/hash-mismatch')
      memory.put(cid, bytes)
      expectCode(() => store.get(cid), 'blockstore/hash-mismatch')
    }
  })

  test('says where it does not know the hash function', () => {
    const cid = cidFrom(RAW, 0x1b, crypto.keccak256(bytes))
    expectCode(() => verifyBlock(crypto, cid, bytes), 'blockstore/hash-unsupported')
  })
})

describe('CborStore', () => {
  test('names blocks by blake2b-256 and finds them again', () => {
    const store = new CborStore(new MemoryBlockstore(), crypto)
    const cid = store.putBlock(DAG_CBOR, hex('80'))
    expect(String(cid)).toBe('bafy2bzacebc3bt6cedhoyw34drrmjvazhu4oj25er2ebk4u445pzycvq4ta4a')
    expect(toHex(store.getBlock(cid))).toBe('80')
    expectCode(() => store.getBlock(leaf(1)[0]), 'blockstore/absent')
  })
})

describe('NodeCache', () => {
  test('keeps what is used and stays within its capacity', () => {
    const cache = new NodeCache(10)
    const favourite = { name: 'favourite' }
    cache.set('favourite', favourite)
    for (let i = 0; i < 100; i++) {
      cache.set(`${i}`, { i })
      expect(cache.get('favourite')).toBe(favourite)
      expect(cache.size).toBeLessThanOrEqual(10)
    }
    expect(cache.get('99')).toEqual({ i: 99 })
    expect(cache.get('0')).toBeUndefined()
    cache.clear()
    expect(cache.size).toBe(0)
  })
})

describe('toInterfaceBlockstore', () => {
  const [cid, bytes] = leaf(7)

  test('gives blocks as generators, and NotFoundError for what is absent', () => {
    const memory = new MemoryBlockstore()
    const adapted = toInterfaceBlockstore(memory)
    expect(adapted.put(cid, bytes)).toBe(cid)
    expect(adapted.has(cid)).toBe(true)
    expect([...(adapted.get(cid) as Generator<Uint8Array>)]).toEqual([bytes])
    const other = leaf(8)[0]
    expectCode(() => [...(adapted.get(other) as Generator<Uint8Array>)], 'blockstore/absent')
    expect(() => [...(adapted.get(other) as Generator<Uint8Array>)]).toThrowError(
      expect.objectContaining({ name: 'NotFoundError' }),
    )
  })

  test('takes blocks in chunks, at once or later', async () => {
    const memory = new MemoryBlockstore()
    const adapted = toInterfaceBlockstore(memory)
    adapted.put(cid, [bytes.subarray(0, 0), bytes])
    expect(toHex(memory.get(cid) ?? hex(''))).toBe(toHex(bytes))
    memory.delete(cid)
    const later = (async function* () {
      yield bytes
    })()
    expect(await adapted.put(cid, later)).toBe(cid)
    expect(toHex(memory.get(cid) ?? hex(''))).toBe(toHex(bytes))
  })

  test('puts, gets, lists and deletes many', async () => {
    const memory = new MemoryBlockstore()
    const adapted = toInterfaceBlockstore(memory)
    const blocks = [leaf(1), leaf(2), leaf(3)]
    const put: string[] = []
    for await (const key of adapted.putMany(blocks.map(([cid, bytes]) => ({ cid, bytes }))))
      put.push(String(key))
    expect(put).toEqual(blocks.map(([cid]) => String(cid)))
    const got: string[] = []
    for await (const pair of adapted.getMany(blocks.map(([cid]) => cid)))
      for await (const chunk of pair.bytes) got.push(toHex(chunk))
    expect(got).toEqual(['01', '02', '03'])
    const all: string[] = []
    for await (const pair of adapted.getAll()) all.push(String(pair.cid))
    expect(all).toEqual(put)
    for await (const key of adapted.deleteMany([blocks[0]?.[0] ?? expect.fail()]))
      expect(String(key)).toBe(put[0])
    adapted.delete(blocks[1]?.[0] ?? expect.fail())
    expect(memory.size).toBe(1)
  })

  test('says what a store cannot do', () => {
    const adapted = toInterfaceBlockstore(new BufferedBlockstore(new MemoryBlockstore()))
    expectCode(() => [...(adapted.getAll() as Generator)], 'blockstore/unsupported')
    expectCode(() => adapted.delete(cid), 'blockstore/unsupported')
  })
})

test('equal CIDs are equal however they came about', () => {
  const [cid] = leaf(1)
  expect(cidEquals(cid, decodeCid(cid.bytes.slice()))).toBe(true)
  expect(cidEquals(cid, leaf(2)[0])).toBe(false)
  expect(cidEquals(cid, leaf(1, RAW)[0])).toBe(false)
})
