import { loadCrypto } from '@troupe/crypto'
import {
  BufferedBlockstore,
  CborStore,
  type Cid,
  cidOf,
  MemoryBlockstore,
  RAW,
  toInterfaceBlockstore,
} from '@troupe/ipld'
import { Hamt, type HamtOptions } from '@troupe/ipld/hamt'
import { AccessPatterns, BlockCache, RemoteBlockstore, withRestart } from '@troupe/ipld/remote'
import type { Blockstore as InterfaceBlockstore } from 'interface-blockstore'
import { describe, expect, test } from 'vitest'
import { ascii, textCodec } from './test-codecs.ts'

const crypto = await loadCrypto()

function leaf(value: string): [Cid, Uint8Array] {
  const bytes = ascii(value)
  return [cidOf(crypto, RAW, bytes), bytes]
}

/** A store that answers later, and counts. */
class SlowStore {
  readonly blocks = new MemoryBlockstore()
  readonly remote: InterfaceBlockstore
  gets = 0
  atOnce = 0
  mostAtOnce = 0
  /** What a read gives instead, where there is such a thing. */
  answer: ((cid: Cid) => Uint8Array | Error | undefined) | undefined

  constructor() {
    const plain = toInterfaceBlockstore(this.blocks)
    const get = async function* (this: SlowStore, cid: Cid): AsyncGenerator<Uint8Array> {
      this.gets++
      this.mostAtOnce = Math.max(this.mostAtOnce, ++this.atOnce)
      await new Promise((resolve) => setTimeout(resolve, 1))
      this.atOnce--
      const answer = this.answer?.(cid)
      if (answer instanceof Error) throw answer
      if (answer !== undefined) yield answer
      else yield* plain.get(cid)
    }
    this.remote = { ...plain, get: get.bind(this) }
  }
}

const MAP: HamtOptions<string> = { bitWidth: 5, value: textCodec }

/** A map of `size` entries in a slow store, and its root. */
function slowMap(size: number): { slow: SlowStore; root: Cid } {
  const slow = new SlowStore()
  const map = Hamt.create(new CborStore(slow.blocks, crypto), MAP)
  for (let i = 0; i < size; i++) map.set(ascii(`key ${i}`), `value ${i}`)
  return { slow, root: map.flush() }
}

function readMap(store: RemoteBlockstore, root: Cid, keys: readonly number[]): (string | undefined)[] {
  const map = Hamt.load(new CborStore(store, crypto), root, MAP)
  return keys.map((key) => map.get(ascii(`key ${key}`)))
}

const KEYS = [1, 50, 99, 150, 1000]
const VALUES = ['value 1', 'value 50', 'value 99', 'value 150', undefined]

describe('withRestart', () => {
  test('fetches what a function misses, and gives what it returns', async () => {
    const { slow, root } = slowMap(200)
    const store = new RemoteBlockstore(slow.remote, crypto)
    const cold = await withRestart(store, () => readMap(store, root, KEYS))
    expect(cold.value).toEqual(VALUES)
    expect(cold.restarts).toBe(slow.gets)
    expect(cold.fetched).toBe(slow.gets)
    expect(slow.gets).toBeGreaterThan(3)
    const warm = await withRestart(store, () => readMap(store, root, KEYS))
    expect(warm).toEqual({ value: VALUES, restarts: 0, fetched: 0, prefetched: 0 })
  })

  test('fetches first what the last run with the same key asked for', async () => {
    const { slow, root } = slowMap(200)
    const patterns = new AccessPatterns()
    const run = async (key: string) => {
      const store = new RemoteBlockstore(slow.remote, crypto)
      return withRestart(store, () => readMap(store, root, KEYS), { prefetch: { patterns, key } })
    }
    const first = await run('read')
    expect(first.prefetched).toBe(0)
    slow.mostAtOnce = 0
    expect(await run('read')).toEqual({ value: VALUES, restarts: 0, fetched: 0, prefetched: first.fetched })
    expect(slow.mostAtOnce).toBe(first.fetched)
    expect((await run('another')).prefetched).toBe(0)
    expect(patterns.size).toBe(2)
  })

  test('goes on without what was prefetched in vain', async () => {
    const { slow, root } = slowMap(10)
    const patterns = new AccessPatterns()
    patterns.remember('key', [leaf('gone')[0], root])
    const store = new RemoteBlockstore(slow.remote, crypto)
    const result = await withRestart(store, () => readMap(store, root, [1]), {
      prefetch: { patterns, key: 'key' },
    })
    expect(result).toEqual({ value: ['value 1'], restarts: 0, fetched: 0, prefetched: 1 })
  })

  test('runs with a cache that is too small for any block', async () => {
    const { slow, root } = slowMap(200)
    const store = new RemoteBlockstore(slow.remote, crypto, { cacheBytes: 10 })
    expect((await withRestart(store, () => readMap(store, root, KEYS))).value).toEqual(VALUES)
    expect(store.statistics.blocks).toBe(0)
  })

  test('counts nothing that a function does once a block was missing', async () => {
    const slow = new SlowStore()
    const [cid, bytes] = leaf('here')
    slow.blocks.put(cid, bytes)
    const store = new RemoteBlockstore(slow.remote, crypto)
    const careless = (): string => {
      try {
        return store.has(cid) ? 'here' : 'absent'
      } catch {
        return 'swallowed'
      }
    }
    expect(await withRestart(store, careless)).toMatchObject({ value: 'here', restarts: 1 })
  })

  test('throws what the function throws where nothing was missing', async () => {
    const store = new RemoteBlockstore(new SlowStore().remote, crypto)
    const failing = (): never => {
      throw new RangeError('mine')
    }
    await expect(withRestart(store, failing)).rejects.toThrow(RangeError)
  })

  test('takes a block that is not found for unavailable, or for absent where the remote store is the whole state', async () => {
    const { remote } = new SlowStore()
    const [cid] = leaf('nowhere')
    const part = new RemoteBlockstore(remote, crypto)
    await expect(withRestart(part, () => part.get(cid))).rejects.toMatchObject({
      code: 'blockstore/unavailable',
      cid,
    })
    const whole = new RemoteBlockstore(remote, crypto, { isWhole: true })
    expect(await withRestart(whole, () => [whole.get(cid), whole.has(cid)])).toMatchObject({
      value: [undefined, false],
      restarts: 1,
      fetched: 0,
    })
  })

  test('stops at the bounds on restarts and on bytes', async () => {
    const { slow, root } = slowMap(200)
    const run = (options: object) => {
      const store = new RemoteBlockstore(slow.remote, crypto)
      return withRestart(store, () => readMap(store, root, KEYS), options)
    }
    const { restarts } = await run({})
    expect(await run({ maxRestarts: restarts })).toMatchObject({ restarts })
    await expect(run({ maxRestarts: restarts - 1 })).rejects.toMatchObject({ code: 'blockstore/unavailable' })
    await expect(run({ maxHeldBytes: 100 })).rejects.toMatchObject({ code: 'blockstore/too-large' })
  })

  test('stops when a signal says so', async () => {
    const { slow, root } = slowMap(200)
    const store = new RemoteBlockstore(slow.remote, crypto)
    const controller = new AbortController()
    slow.answer = () => {
      controller.abort(new RangeError('enough'))
      return undefined
    }
    const run = (): unknown => readMap(store, root, KEYS)
    await expect(withRestart(store, run, { signal: controller.signal })).rejects.toThrow(RangeError)
    expect(slow.gets).toBe(1)
    slow.answer = undefined
    expect((await withRestart(store, run)).value).toEqual(VALUES)
  })

  test('runs one function at a time on a store', async () => {
    const { slow, root } = slowMap(10)
    const store = new RemoteBlockstore(slow.remote, crypto)
    const first = withRestart(store, () => readMap(store, root, [1]))
    await expect(withRestart(store, () => 1)).rejects.toMatchObject({ code: 'blockstore/busy' })
    expect((await first).value).toEqual(['value 1'])
    expect((await withRestart(store, () => 1)).value).toBe(1)
  })
})

describe('a remote blockstore', () => {
  test.each<[string, Uint8Array | Error, string]>([
    ['another block', ascii('other'), 'blockstore/hash-mismatch'],
    ['too large a block', new Uint8Array(65), 'blockstore/too-large'],
    ['a failure', new RangeError('offline'), 'blockstore/unavailable'],
  ])('refuses %s from afar, and keeps nothing of it', async (_, answer, code) => {
    const slow = new SlowStore()
    const [cid] = leaf('here')
    slow.answer = () => answer
    const store = new RemoteBlockstore(slow.remote, crypto, { maxBlockBytes: 64 })
    await expect(store.fetch([cid])).rejects.toMatchObject({ code })
    expect(await store.fetch([cid], { isHint: true })).toBe(0)
    expect(() => store.get(cid)).toThrow(expect.objectContaining({ code: 'blockstore/unavailable', cid }))
  })

  test('fetches as many blocks at a time as it was told, each once, and none that is here', async () => {
    const slow = new SlowStore()
    const blocks = Array.from({ length: 20 }, (_, i) => leaf(`${i}`))
    for (const block of blocks) slow.blocks.put(...block)
    const store = new RemoteBlockstore(slow.remote, crypto, { concurrency: 4 })
    const cids = blocks.map(([cid]) => cid)
    expect(await store.fetch([...cids, ...cids])).toBe(20)
    expect([slow.gets, slow.mostAtOnce]).toEqual([20, 4])
    expect(await store.fetch(cids)).toBe(0)
    for (const [cid, bytes] of blocks) expect(store.get(cid)).toEqual(bytes)
  })

  test('puts together a block that comes in pieces, the largest too', async () => {
    const slow = new SlowStore()
    const [cid, bytes] = leaf('x'.repeat(64))
    const get = function* (): Generator<Uint8Array> {
      yield bytes.subarray(0, 10)
      yield bytes.subarray(10)
    }
    const store = new RemoteBlockstore({ ...slow.remote, get }, crypto, { maxBlockBytes: 64 })
    await store.fetch([cid])
    expect(store.get(cid)).toEqual(bytes)
  })

  test('has what was put, and takes it to the remote store when it is told', async () => {
    const slow = new SlowStore()
    const store = new RemoteBlockstore(slow.remote, crypto, { cacheBytes: 0 })
    const buffered = new BufferedBlockstore(store)
    const [cid, bytes] = leaf('new')
    buffered.put(cid, bytes)
    buffered.flushAll()
    expect(store.get(cid)).toEqual(bytes)
    expect(store.pending).toBe(1)
    expect(await store.upload()).toBe(1)
    expect([store.pending, await store.upload()]).toEqual([0, 0])
    expect(slow.blocks.get(cid)).toEqual(bytes)
    const missing = expect.objectContaining({ code: 'blockstore/unavailable' })
    expect(() => store.get(cid)).toThrow(missing)
    expect((await withRestart(store, () => store.get(cid))).value).toEqual(bytes)
  })
})

describe('a cache of blocks', () => {
  test('lets go of what was not asked for the longest, and counts', () => {
    const cache = new BlockCache(25)
    const [a, b, c] = [leaf('a'.repeat(10)), leaf('b'.repeat(10)), leaf('c'.repeat(10))]
    cache.set(...a)
    cache.set(...b)
    expect(cache.get(a[0])).toEqual(a[1])
    cache.set(...c)
    expect([cache.has(a[0]), cache.has(b[0]), cache.has(c[0])]).toEqual([true, false, true])
    expect(cache.get(b[0])).toBeUndefined()
    cache.set(...leaf('too large'.repeat(10)))
    cache.set(...c)
    expect(cache.statistics).toEqual({ hits: 1, misses: 1, evictions: 1, blocks: 2, bytes: 20 })
    cache.clear()
    expect(cache.statistics).toMatchObject({ blocks: 0, bytes: 0 })
  })

  test('remembers patterns up to its bounds', () => {
    const patterns = new AccessPatterns({ maxPatterns: 2, maxCids: 2 })
    const cids = ['a', 'b', 'c'].map((value) => leaf(value)[0])
    patterns.remember('first', cids)
    expect(patterns.recall('first')).toEqual(cids.slice(0, 2))
    patterns.remember('second', [])
    patterns.recall('first')
    patterns.remember('third', cids.slice(2))
    expect([patterns.size, patterns.recall('second'), patterns.recall('third')]).toEqual([
      2,
      [],
      cids.slice(2),
    ])
    expect(patterns.recall('first')).toHaveLength(2)
  })
})
