import { CodedError, loadCrypto } from '@troupe/crypto'
import {
  BLAKE2B_256,
  CborWriter,
  type ChainStore,
  type Cid,
  cidOf,
  createCid,
  DAG_CBOR,
  RAW,
  type RefRange,
} from '@troupe/ipld'
import {
  MAX_NAMESPACE_LENGTH,
  MAX_REF_KEY_BYTES,
  MAX_REF_VALUE_BYTES,
  MAX_STORED_BLOCK_BYTES,
} from '@troupe/ipld/store'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const crypto = await loadCrypto()
const NOTHING = { blocks: 0, blockBytes: 0, refs: 0 }

type Block = readonly [Cid, Uint8Array]

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value)
}

function plain(bytes: Uint8Array | undefined): number[] | undefined {
  return bytes && [...bytes]
}

function leaf(value: string): Block {
  const bytes = text(value)
  return [cidOf(crypto, RAW, bytes), bytes]
}

function node(...links: readonly Block[]): Block {
  const writer = new CborWriter().array(links.length)
  for (const [cid] of links) writer.cid(cid)
  const bytes = writer.finish()
  return [cidOf(crypto, DAG_CBOR, bytes), bytes]
}

function head(value: string): { namespace: string; key: Uint8Array; value: Uint8Array } {
  return { namespace: 'chain', key: text('head'), value: text(value) }
}

function codeOf(action: () => unknown): string | undefined {
  try {
    action()
  } catch (error) {
    if (error instanceof CodedError) return error.code
    throw error
  }
  return undefined
}

/**
 * What every {@link ChainStore} must do, whatever it is made of. Call it at the top level of a test file.
 *
 * @param make a store that is empty
 */
export function chainStoreCases(name: string, make: () => ChainStore | Promise<ChainStore>): void {
  describe(`${name} keeps references`, () => {
    test('that were set, until they are removed', async () => {
      await using store = await make()
      const [{ namespace, key }] = [head('')]
      expect(store.getRef(namespace, key)).toBeUndefined()
      store.commit({ refs: [head('a')] })
      expect(plain(store.getRef(namespace, key))).toEqual(plain(text('a')))
      store.commit({ refs: [head('b')] })
      expect(plain(store.getRef(namespace, key))).toEqual(plain(text('b')))
      store.commit({ refs: [{ namespace, key, value: undefined }] })
      expect(store.getRef(namespace, key)).toBeUndefined()
      store.commit({ refs: [{ namespace, key, value: undefined }] })
      expect(store.statistics()).toEqual(NOTHING)
    })

    test('with the last of several changes in one batch', async () => {
      await using store = await make()
      const removal = { ...head(''), value: undefined }
      store.commit({ refs: [head('a'), removal, head('b')] })
      expect(plain(store.getRef('chain', text('head')))).toEqual(plain(text('b')))
      store.commit({ refs: [head('c'), removal] })
      expect(store.getRef('chain', text('head'))).toBeUndefined()
    })

    test('under empty keys, with empty values, and in namespaces of their own', async () => {
      await using store = await make()
      const key = new Uint8Array()
      store.commit({
        refs: [
          { namespace: 'a', key, value: new Uint8Array() },
          { namespace: 'a-b', key, value: text('other') },
        ],
      })
      expect(plain(store.getRef('a', key))).toEqual([])
      expect(plain(store.getRef('a-b', key))).toEqual(plain(text('other')))
      expect(store.listRefs('a')).toHaveLength(1)
      expect(store.getRef('b', key)).toBeUndefined()
    })

    test('of which callers have copies', async () => {
      await using store = await make()
      const value = text('mine')
      store.commit({ refs: [{ ...head(''), value }] })
      value.fill(0)
      store.getRef('chain', text('head'))?.fill(1)
      const [listed] = store.listRefs('chain')
      listed?.key.fill(2)
      listed?.value.fill(2)
      expect(plain(store.getRef('chain', text('head')))).toEqual(plain(text('mine')))
      expect(plain(store.listRefs('chain')[0]?.key)).toEqual(plain(text('head')))
    })

    test.each<[string, RefRange | undefined, number[][]]>([
      ['all of them', undefined, [[], [0], [0, 0], [0, 255], [1], [200], [255], [255, 255]]],
      ['backwards', { reverse: true, limit: 3 }, [[255, 255], [255], [200]]],
      ['those with a prefix', { prefix: Uint8Array.of(0) }, [[0], [0, 0], [0, 255]]],
      ['those with the highest prefix', { prefix: Uint8Array.of(255) }, [[255], [255, 255]]],
      [
        'those with a prefix, backwards',
        { prefix: Uint8Array.of(0), reverse: true },
        [[0, 255], [0, 0], [0]],
      ],
      ['those after a key', { after: Uint8Array.of(0, 255), limit: 2 }, [[1], [200]]],
      ['those after a key that is not there', { after: Uint8Array.of(0, 1), limit: 2 }, [[0, 255], [1]]],
      [
        'those before a key',
        { after: Uint8Array.of(1), reverse: true, limit: 2 },
        [
          [0, 255],
          [0, 0],
        ],
      ],
      [
        'those after a key and with a prefix',
        { after: Uint8Array.of(0), prefix: Uint8Array.of(0) },
        [
          [0, 0],
          [0, 255],
        ],
      ],
      [
        'those after a key that is before the prefix',
        { after: Uint8Array.of(0), prefix: Uint8Array.of(255) },
        [[255], [255, 255]],
      ],
      [
        'those before a key that is before the prefix',
        { after: Uint8Array.of(0), prefix: Uint8Array.of(255), reverse: true },
        [],
      ],
      ['those after the last', { after: Uint8Array.of(255, 255) }, []],
      ['none', { limit: 0 }, []],
    ])('and lists %s in the order of their keys', async (_, range, expected) => {
      await using store = await make()
      const keys = [[255], [0, 255], [], [0], [255, 255], [200], [0, 0], [1]]
      for (const namespace of ['a', 'm', 'm-m', 'z'])
        store.commit({
          refs: keys.map((key) => ({
            namespace,
            key: Uint8Array.from(key),
            value: Uint8Array.of(key.length),
          })),
        })
      const listed = store.listRefs('m', range)
      expect(listed.map(({ key }) => [...key])).toEqual(expected)
      for (const { key, value } of listed) expect([...value]).toEqual([key.length])
    })

    test('as a sorted list does, whatever is set and removed', async () => {
      const key = fc
        .uint8Array({ maxLength: 3 })
        .map((bytes) => bytes.map((byte) => [0, 1, 254, 255][byte & 3] as number))
      const change = fc.record({ key, value: fc.option(fc.uint8Array({ maxLength: 4 }), { nil: undefined }) })
      const range = fc.record(
        { prefix: key, after: key, reverse: fc.boolean(), limit: fc.nat({ max: 6 }) },
        { requiredKeys: [] },
      )
      const compare = (a: readonly number[], b: readonly number[]): number => {
        const at = a.findIndex((byte, i) => byte !== b[i])
        return at === -1 ? a.length - b.length : (a[at] as number) - (b[at] ?? -1)
      }
      await using store = await make()
      let run = 0
      fc.assert(
        fc.property(
          fc.array(fc.tuple(fc.array(change, { maxLength: 8 }), range), { maxLength: 6 }),
          (steps) => {
            const namespace = `n${run++}`
            const model = new Map<string, [number[], number[]]>()
            for (const [changes, { prefix, after, reverse = false, limit = Infinity }] of steps) {
              store.commit({ refs: changes.map((one) => ({ namespace, ...one })) })
              for (const { key, value } of changes) {
                if (value === undefined) model.delete(key.join())
                else model.set(key.join(), [[...key], [...value]])
              }
              const expected = [...model.values()]
                .filter(([key]) => prefix === undefined || [...prefix].every((byte, i) => key[i] === byte))
                .filter(
                  ([key]) =>
                    after === undefined ||
                    (reverse ? compare(key, [...after]) < 0 : compare(key, [...after]) > 0),
                )
                .sort(([a], [b]) => (reverse ? compare(b, a) : compare(a, b)))
                .slice(0, limit)
              const listed = store.listRefs(namespace, {
                ...(prefix && { prefix }),
                ...(after && { after }),
                reverse,
                limit,
              })
              expect(listed.map(({ key, value }) => [[...key], [...value]])).toEqual(expected)
            }
          },
        ),
        { seed: 20_261_123, numRuns: 40 },
      )
    })

    test('up to the bounds, and none beyond them', async () => {
      await using store = await make()
      const namespace = 'z'.repeat(MAX_NAMESPACE_LENGTH)
      const key = new Uint8Array(MAX_REF_KEY_BYTES).fill(255)
      const value = new Uint8Array(MAX_REF_VALUE_BYTES).fill(7)
      store.commit({ refs: [{ namespace, key, value }] })
      expect(store.getRef(namespace, key)).toHaveLength(MAX_REF_VALUE_BYTES)
      expect(store.listRefs(namespace, { prefix: key })).toHaveLength(1)
      const longKey = new Uint8Array(MAX_REF_KEY_BYTES + 1)
      const longValue = new Uint8Array(MAX_REF_VALUE_BYTES + 1)
      expect(codeOf(() => store.commit({ refs: [{ namespace, key: longKey, value }] }))).toBe(
        'store/too-large',
      )
      expect(codeOf(() => store.commit({ refs: [{ namespace, key, value: longValue }] }))).toBe(
        'store/too-large',
      )
      expect(codeOf(() => store.getRef(namespace, longKey))).toBe('store/too-large')
      expect(codeOf(() => store.listRefs(namespace, { prefix: longKey }))).toBe('store/too-large')
      for (const bad of ['', 'A', 'a_b', 'a/b', 'ä', `${namespace}z`]) {
        expect(codeOf(() => store.getRef(bad, key))).toBe('store/bad-namespace')
        expect(codeOf(() => store.listRefs(bad))).toBe('store/bad-namespace')
        expect(codeOf(() => store.commit({ refs: [{ namespace: bad, key, value }] }))).toBe(
          'store/bad-namespace',
        )
      }
      expect(store.statistics().refs).toBe(1)
    })
  })

  describe(`${name} commits batches`, () => {
    test('of blocks and references', async () => {
      await using store = await make()
      const [cid, bytes] = leaf('block')
      store.commit({ blocks: [[cid, bytes]], refs: [{ ...head(''), value: cid.bytes }] })
      expect(plain(store.get(cid))).toEqual(plain(bytes))
      expect(plain(store.getRef('chain', text('head')))).toEqual(plain(cid.bytes))
      expect(store.statistics()).toEqual({ blocks: 1, blockBytes: bytes.length, refs: 1 })
      store.commit()
      store.sync()
      expect(store.statistics().blocks).toBe(1)
    })

    test('and counts a block once, however often it is put', async () => {
      await using store = await make()
      const block = leaf('block')
      store.put(...block)
      store.commit({ blocks: [block, block] })
      store.putMany?.([block])
      store.commit({ blocks: [block] })
      expect(store.statistics()).toEqual({ ...NOTHING, blocks: 1, blockBytes: 5 })
    })

    test('wholly or not at all', async () => {
      await using store = await make()
      const first = leaf('first')
      const bad = { namespace: 'NOT A NAMESPACE', key: text('k'), value: text('v') }
      expect(codeOf(() => store.commit({ blocks: [first], refs: [head('a'), bad] }))).toBe(
        'store/bad-namespace',
      )
      const large: Block = [first[0], new Uint8Array(MAX_STORED_BLOCK_BYTES + 1)]
      expect(codeOf(() => store.commit({ blocks: [leaf('second'), large], refs: [head('a')] }))).toBe(
        'store/too-large',
      )
      expect(codeOf(() => store.put(...large))).toBe('store/too-large')
      const failing = function* (): Generator<Block> {
        yield first
        throw new RangeError('no more')
      }
      expect(() => store.commit({ blocks: failing(), refs: [head('a')] })).toThrow(RangeError)
      expect(store.has(first[0])).toBe(false)
      expect(store.getRef('chain', text('head'))).toBeUndefined()
      expect(store.statistics()).toEqual(NOTHING)
    })

    test('with the largest block there may be', async () => {
      await using store = await make()
      // No block that anybody reads: to hash it would take longer than all else here.
      const cid = createCid(RAW, BLAKE2B_256, new Uint8Array(32))
      store.commit({ blocks: [[cid, new Uint8Array(MAX_STORED_BLOCK_BYTES)]] })
      expect(store.has(cid)).toBe(true)
      expect(store.statistics()).toEqual({ blocks: 1, blockBytes: MAX_STORED_BLOCK_BYTES, refs: 0 })
    })
  })

  describe(`${name} collects garbage`, () => {
    const shared = leaf('shared')
    const kept = node(shared, leaf('absent'))
    const dropped = node(shared, leaf('only here'))
    const blocks = [shared, kept, dropped, leaf('only here')]

    test('and keeps what the roots reach', async () => {
      await using store = await make()
      store.commit({ blocks, refs: [head('a')] })
      const report = await store.collectGarbage([kept[0], leaf('never there')[0]])
      expect(report).toEqual({ reached: 2, absent: 2, removed: 2, removedBytes: dropped[1].length + 9 })
      for (const [cid, bytes] of [shared, kept]) expect(plain(store.get(cid))).toEqual(plain(bytes))
      for (const [cid] of [dropped, leaf('only here')]) expect(store.has(cid)).toBe(false)
      expect(store.statistics()).toEqual({
        blocks: 2,
        blockBytes: shared[1].length + kept[1].length,
        refs: 1,
      })
    })

    test('and keeps what is put or committed meanwhile, even what was garbage before', async () => {
      await using store = await make()
      const many = Array.from({ length: 50 }, (_, i) => leaf(`garbage ${i}`))
      store.commit({ blocks: many })
      const late = [leaf('late'), leaf('garbage 49'), leaf('garbage 0')]
      let marked = false
      const report = await store.collectGarbage([], {
        batchSize: 10,
        onProgress: ({ phase }) => {
          if (marked || phase !== 'mark') return
          marked = true
          store.put(...(late[0] as Block))
          store.put(...(late[1] as Block))
          store.commit({ blocks: late.slice(2), refs: [head('a')] })
        },
      })
      expect(report.removed).toBe(48)
      for (const [cid, bytes] of late) expect(plain(store.get(cid))).toEqual(plain(bytes))
      expect(plain(store.getRef('chain', text('head')))).toEqual(plain(text('a')))
      expect(store.statistics().blocks).toBe(3)
    })

    test('and keeps what a new block leads to, which nothing else led to', async () => {
      await using store = await make()
      const [inner, absent] = [leaf('inner'), leaf('came late')]
      const old = node(inner)
      const root = node(absent)
      const late = node(old)
      // A block of DAG-CBOR that was absent when it was marked, and leads on.
      const [hidden, bridge] = [leaf('hidden'), node(leaf('hidden'))]
      const anchor = node(bridge)
      store.commit({ blocks: [inner, old, root, hidden, anchor, leaf('garbage')] })
      let marked = false
      await store.collectGarbage([root[0], anchor[0]], {
        onProgress: () => {
          if (!marked) store.commit({ blocks: [late, absent, bridge] })
          marked = true
        },
      })
      for (const [cid] of [inner, old, root, late, absent, hidden, bridge, anchor])
        expect(store.has(cid)).toBe(true)
      expect(store.statistics().blocks).toBe(8)
    })

    test('in batches, and says how far it is', async () => {
      await using store = await make()
      store.commit({ blocks: Array.from({ length: 25 }, (_, i) => leaf(`garbage ${i}`)) })
      store.commit({ blocks: [kept] })
      const seen: string[] = []
      await store.collectGarbage([kept[0]], {
        batchSize: 10,
        onProgress: ({ phase, reached, removed }) => seen.push(`${phase} ${reached} ${removed > 10}`),
      })
      expect(seen[0]).toBe('mark 1 false')
      expect(seen.at(-1)).toBe('sweep 1 true')
      expect(seen.length).toBeGreaterThan(3)
      expect(store.statistics().blocks).toBe(1)
    })

    test('until a signal stops it, and goes on in the next run', async () => {
      await using store = await make()
      store.commit({ blocks: Array.from({ length: 30 }, (_, i) => leaf(`garbage ${i}`)) })
      const controller = new AbortController()
      const stopped = store.collectGarbage([], {
        batchSize: 10,
        signal: controller.signal,
        onProgress: ({ removed }) => removed > 0 && controller.abort(new RangeError('enough')),
      })
      await expect(stopped).rejects.toThrow(RangeError)
      expect(store.statistics().blocks).toBeGreaterThan(10)
      expect((await store.collectGarbage([])).removed).toBeGreaterThan(10)
      expect(store.statistics()).toEqual(NOTHING)
      await expect(
        store.collectGarbage([], { signal: AbortSignal.abort(new RangeError('no')) }),
      ).rejects.toThrow(RangeError)
    })

    test('one collection at a time', async () => {
      await using store = await make()
      const first = store.collectGarbage([])
      await expect(store.collectGarbage([])).rejects.toMatchObject({ code: 'store/busy' })
      await first
      await store.collectGarbage([])
    })

    test('not at all where a block cannot be scanned for links', async () => {
      await using store = await make()
      const bytes = Uint8Array.of(0x9f)
      const broken: Block = [cidOf(crypto, DAG_CBOR, bytes), bytes]
      store.commit({ blocks: [broken, leaf('garbage')] })
      await expect(store.collectGarbage([broken[0]])).rejects.toMatchObject({
        code: 'blockstore/unscannable',
        cid: broken[0],
      })
      expect(store.statistics().blocks).toBe(2)
      expect((await store.collectGarbage([])).removed).toBe(2)
    })
  })

  describe(`${name} closes`, () => {
    test('once, and then says so', async () => {
      const store = await make()
      const [cid, bytes] = leaf('block')
      store.put(cid, bytes)
      await store.close()
      await store.close()
      const uses: (() => unknown)[] = [
        () => store.get(cid),
        () => store.has(cid),
        () => store.put(cid, bytes),
        () => store.putMany?.([]),
        () => store.getRef('chain', text('head')),
        () => store.listRefs('chain'),
        () => store.commit(),
        () => store.sync(),
        () => store.statistics(),
      ]
      for (const use of uses) expect(codeOf(use)).toBe('store/closed')
      await expect(store.collectGarbage([])).rejects.toMatchObject({ code: 'store/closed' })
    })

    test('in the middle of a collection', async () => {
      const store = await make()
      store.commit({ blocks: Array.from({ length: 30 }, (_, i) => leaf(`garbage ${i}`)) })
      let closing: Promise<void> | undefined
      const collection = store.collectGarbage([], {
        batchSize: 10,
        onProgress: () => {
          closing ??= store.close()
        },
      })
      await expect(collection).rejects.toMatchObject({ code: 'store/closed' })
      await closing
    })
  })
}
