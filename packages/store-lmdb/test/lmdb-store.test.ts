import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { BLAKE2B_256, CborWriter, cidOf, createCid, DAG_CBOR, RAW } from '@troupe/ipld'
import { open } from 'lmdb'
import { describe, expect, test } from 'vitest'
import { crypto, leaf, temporaryStores, text } from './temporary.ts'

const stores = temporaryStores()

const HEAD = { namespace: 'chain', key: text('head') }

/** What is under a key of the database itself, changed or made. */
async function tamper(directory: string, key: Uint8Array, value: Uint8Array): Promise<void> {
  const options = {
    noSubdir: true,
    overlappingSync: false,
    encoding: 'binary',
    keyEncoding: 'binary',
  } as const
  const database = open<Uint8Array, Uint8Array>(join(directory, 'data.mdb'), options)
  database.putSync(key, value)
  await database.close()
}

const metaKey = (name: string): Uint8Array => Uint8Array.of(0, ...text(name))

describe('a store on disk', () => {
  test('holds what was committed, and what was put before it was closed', async () => {
    const directory = stores.next()
    const [committed, put] = [leaf('committed'), leaf('put')]
    {
      await using store = await stores.open(directory)
      store.commit({ blocks: [committed], refs: [{ ...HEAD, value: committed[0].bytes }] })
      store.put(...put)
    }
    await using store = await stores.open(directory)
    expect(store.get(committed[0])).toEqual(committed[1])
    expect(store.get(put[0])).toEqual(put[1])
    expect(store.getRef('chain', HEAD.key)).toEqual(committed[0].bytes)
    expect(store.statistics()).toEqual({ blocks: 2, blockBytes: 12, refs: 1 })
  })

  test('gives plain arrays that are the caller’s own', async () => {
    const directory = stores.next()
    const [cid, bytes] = leaf('x'.repeat(50_000))
    {
      await using store = await stores.open(directory)
      store.commit({ blocks: [[cid, bytes]], refs: [{ ...HEAD, value: text('value') }] })
    }
    await using store = await stores.open(directory)
    const [block, value] = [store.get(cid), store.getRef('chain', HEAD.key)]
    for (const array of [block, value, ...store.listRefs('chain').flatMap((ref) => [ref.key, ref.value])])
      expect(Object.getPrototypeOf(array)).toBe(Uint8Array.prototype)
    block?.fill(0)
    value?.fill(0)
    expect(store.get(cid)).toEqual(bytes)
    expect(store.getRef('chain', HEAD.key)).toEqual(text('value'))
  })

  test('writes several commits at once where it is told to, and when it is asked', async () => {
    const directory = stores.next()
    await using store = await stores.open(directory, { commitsPerSync: 3 })
    await using reader = await stores.open(directory, { readOnly: true })
    const seen = async (): Promise<string | undefined> => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      const value = reader.getRef('chain', HEAD.key)
      return value && new TextDecoder().decode(value)
    }
    const commit = (value: string): void => store.commit({ refs: [{ ...HEAD, value: text(value) }] })
    commit('1')
    commit('2')
    expect(store.getRef('chain', HEAD.key)).toEqual(text('2'))
    expect(await seen()).toBeUndefined()
    commit('3')
    expect(await seen()).toBe('3')
    commit('4')
    expect(await seen()).toBe('3')
    store.sync()
    expect(await seen()).toBe('4')
  })

  test('writes blocks as they come where many wait', async () => {
    const directory = stores.next()
    await using store = await stores.open(directory)
    await using reader = await stores.open(directory, { readOnly: true })
    const bytes = new Uint8Array(24 * 2 ** 20)
    const cids = [1, 2, 3].map((fill) => createCid(RAW, BLAKE2B_256, new Uint8Array(32).fill(fill)))
    for (const cid of cids.slice(0, 2)) store.put(cid, bytes)
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(cids.map((cid) => reader.has(cid))).toEqual([false, false, false])
    store.putMany([[cids[2] ?? expect.fail(), bytes]])
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(cids.map((cid) => reader.has(cid))).toEqual([true, true, true])
    expect(store.statistics()).toEqual({ blocks: 3, blockBytes: 3 * bytes.length, refs: 0 })
  })

  test('refuses more blocks than it was given room for, and goes on once there is room', async () => {
    await using store = await stores.open(undefined, { maxBlockBytes: 20 })
    const [small, large, kept] = [leaf('12345'), leaf('x'.repeat(20)), leaf('kept')]
    store.commit({ blocks: [small] })
    const full = expect.objectContaining({ code: 'store/full' })
    expect(() => store.commit({ blocks: [large], refs: [{ ...HEAD, value: text('head') }] })).toThrow(full)
    expect(store.has(large[0])).toBe(false)
    expect(store.getRef('chain', HEAD.key)).toBeUndefined()
    store.commit({ blocks: [kept], refs: [{ ...HEAD, value: kept[0].bytes }] })
    await store.collectGarbage([kept[0]])
    expect(store.statistics()).toEqual({ blocks: 1, blockBytes: 4, refs: 1 })
    store.commit({ blocks: [leaf('x'.repeat(16))] })
  })

  test('stays open where what waits cannot be written', async () => {
    const store = await stores.open(undefined, { maxBlockBytes: 10, commitsPerSync: 5 })
    const [cid, bytes] = leaf('x'.repeat(20))
    store.commit({ blocks: [[cid, bytes]] })
    expect(() => store.sync()).toThrow(expect.objectContaining({ code: 'store/full' }))
    await expect(store.close()).rejects.toMatchObject({ code: 'store/full' })
    expect(store.get(cid)).toEqual(bytes)
  })

  test('only reads where it is told to', async () => {
    const directory = stores.next()
    const [cid, bytes] = leaf('block')
    {
      await using store = await stores.open(directory)
      store.commit({ blocks: [[cid, bytes]] })
    }
    await using store = await stores.open(directory, { readOnly: true })
    expect(store.isReadOnly).toBe(true)
    expect(store.get(cid)).toEqual(bytes)
    const readOnly = expect.objectContaining({ code: 'store/read-only' })
    for (const use of [
      () => store.put(cid, bytes),
      () => store.commit(),
      () => store.sync(),
      () => store.putMany([]),
    ])
      expect(use).toThrow(readOnly)
    await expect(store.collectGarbage([])).rejects.toMatchObject({ code: 'store/read-only' })
    // And a writer may come after it, in the same process.
    await using writer = await stores.open(directory)
    writer.commit({ refs: [{ ...HEAD, value: cid.bytes }] })
  })

  test('tells whoever opens it second that this process has it, until it is closed', async () => {
    const directory = stores.next()
    const first = await stores.open(directory)
    await expect(stores.open(directory)).rejects.toMatchObject({
      code: 'store-lmdb/locked',
      pid: process.pid,
    })
    await expect(stores.open(directory)).rejects.toMatchObject({ code: 'store-lmdb/locked' })
    first.commit({ refs: [{ ...HEAD, value: text('a') }] })
    await first.close()
    await using second = await stores.open(directory)
    expect(second.getRef('chain', HEAD.key)).toEqual(text('a'))
  })

  test('notices a block that is not what its CID says, and takes it again', async () => {
    const directory = stores.next()
    const [cid, bytes] = leaf('block')
    {
      await using store = await stores.open(directory)
      store.commit({ blocks: [[cid, bytes]] })
    }
    await tamper(directory, Uint8Array.of(1, ...cid.bytes), text('blocks'))
    {
      await using careless = await stores.open(directory, { verifyReads: false })
      expect(careless.get(cid)).toEqual(text('blocks'))
    }
    await using store = await stores.open(directory)
    expect(() => store.get(cid)).toThrow(expect.objectContaining({ code: 'blockstore/hash-mismatch' }))
    store.commit({ blocks: [[cid, bytes]] })
    expect(store.get(cid)).toEqual(bytes)
  })

  test('lists references that wait among those on disk', async () => {
    await using store = await stores.open(undefined, { commitsPerSync: 2 })
    const change = (key: string, value: string | undefined) => ({
      namespace: 'n',
      key: text(key),
      value: value === undefined ? undefined : text(value),
    })
    store.commit({ refs: ['a', 'b', 'd', 'e', 'f'].map((key) => change(key, 'disk')) })
    store.sync()
    store.commit({
      refs: [change('c', 'new'), change('a', undefined), change('e', 'changed'), change('0', undefined)],
    })
    const listed = (range = {}): string =>
      store
        .listRefs('n', range)
        .map(({ key, value }) => `${new TextDecoder().decode(key)}=${new TextDecoder().decode(value)}`)
        .join(' ')
    expect(listed()).toBe('b=disk c=new d=disk e=changed f=disk')
    expect(listed({ limit: 2 })).toBe('b=disk c=new')
    expect(listed({ limit: 3, reverse: true })).toBe('f=disk e=changed d=disk')
    expect(listed({ after: text('c'), limit: 1 })).toBe('d=disk')
    expect(store.statistics().refs).toBe(5)
  })

  test('shows references that were put at once, and keeps them from the next commit or the end on', async () => {
    const directory = stores.next()
    const headOf = async (): Promise<Uint8Array | undefined> => {
      await using reader = await stores.open(directory, { readOnly: true })
      return reader.getRef(HEAD.namespace, HEAD.key)
    }
    const store = await stores.open(directory)
    store.commit({ refs: [{ ...HEAD, value: text('a') }] })
    store.putRefs([{ ...HEAD, value: text('b') }])
    expect([store.getRef(HEAD.namespace, HEAD.key), await headOf()]).toEqual([text('b'), text('a')])
    store.commit()
    expect(await headOf()).toEqual(text('b'))
    store.putRefs([{ ...HEAD, value: undefined }])
    expect([store.getRef(HEAD.namespace, HEAD.key), await headOf()]).toEqual([undefined, text('b')])
    store.putRefs([{ ...HEAD, value: text('c') }])
    await store.close()
    expect(await headOf()).toEqual(text('c'))
    expect(() => store.putRefs([{ ...HEAD, value: text('d') }])).toThrow(
      expect.objectContaining({ code: 'store/closed' }),
    )
  })
})

describe('opening a store', () => {
  test('gives a new one its name, and refuses another', async () => {
    const directory = stores.next()
    {
      await using store = await stores.open(directory, { name: 'devnet' })
      expect(store.name).toBe('devnet')
    }
    await expect(stores.open(directory, { name: 'other' })).rejects.toMatchObject({
      code: 'store-lmdb/wrong-name',
    })
    await using store = await stores.open(directory)
    expect(store.name).toBe('devnet')
    expect(store.directory).toBe(directory)
  })

  test('refuses what a newer version of the package made', async () => {
    const directory = stores.next()
    await (await stores.open(directory)).close()
    await tamper(directory, metaKey('format'), text('troupe-store 2'))
    for (const readOnly of [false, true])
      await expect(stores.open(directory, { readOnly })).rejects.toMatchObject({
        code: 'store-lmdb/unsupported-version',
      })
    await tamper(directory, metaKey('format'), text('troupe-store x'))
    await expect(stores.open(directory)).rejects.toMatchObject({ code: 'store-lmdb/not-a-store' })
  })

  test('refuses a store that does not know what it holds', async () => {
    const directory = stores.next()
    await (await stores.open(directory)).close()
    await tamper(directory, metaKey('counts'), text('?'))
    await using store = await stores.open(directory)
    expect(() => store.statistics()).toThrow(expect.objectContaining({ code: 'store-lmdb/corrupt' }))
    expect(() => store.commit({ blocks: [leaf('x')] })).toThrow(
      expect.objectContaining({ code: 'store-lmdb/corrupt' }),
    )
    store.getRef('chain', HEAD.key)
    await tamper(directory, metaKey('counts'), new Uint8Array(24))
  })

  test('refuses a database of something else', async () => {
    const directory = stores.next()
    mkdirSync(directory)
    await tamper(directory, text('key'), text('value'))
    await expect(stores.open(directory)).rejects.toMatchObject({ code: 'store-lmdb/not-a-store' })
    await expect(stores.open(directory, { readOnly: true })).rejects.toMatchObject({
      code: 'store-lmdb/not-a-store',
    })
  })

  test.each([
    ['text', text('no database'.repeat(1000)), 'store-lmdb/not-a-store'],
    ['a short text', text('no'), 'store-lmdb/not-a-store'],
    ['zeros', new Uint8Array(8192), 'store-lmdb/not-a-store'],
  ])('refuses a file with %s in it', async (_, bytes, code) => {
    const directory = stores.next()
    mkdirSync(directory)
    writeFileSync(join(directory, 'data.mdb'), bytes)
    await expect(stores.open(directory)).rejects.toMatchObject({ code })
    expect(readFileSync(join(directory, 'data.mdb'))).toHaveLength(bytes.length)
  })

  test('refuses another version of the database’s own format, and a file that was cut off', async () => {
    const directory = stores.next()
    {
      await using store = await stores.open(directory)
      store.commit({ blocks: Array.from({ length: 100 }, (_, i) => leaf(`${i} ${'x'.repeat(3000)}`)) })
      store.commit({ blocks: [leaf('last')] })
    }
    const file = join(directory, 'data.mdb')
    const whole = readFileSync(file)
    const changed = (at: number, byte: number): Buffer => Buffer.from(whole).fill(byte, at, at + 1)
    for (const [bytes, code] of [
      [whole.subarray(0, 8192), 'store-lmdb/corrupt'],
      [whole.subarray(0, 4096), 'store-lmdb/corrupt'],
      [whole.subarray(0, 100), 'store-lmdb/not-a-store'],
      [changed(28, 99), 'store-lmdb/unsupported-version'],
      [changed(49, 17), 'store-lmdb/not-a-store'],
    ] as const) {
      writeFileSync(file, bytes)
      await expect(stores.open(directory)).rejects.toMatchObject({ code })
    }
    writeFileSync(file, whole)
    await using store = await stores.open(directory)
    expect(store.statistics().blocks).toBe(101)
  })

  test('makes a store where the file is empty, as a process leaves it that ends too early', async () => {
    const directory = stores.next()
    mkdirSync(directory)
    writeFileSync(join(directory, 'data.mdb'), '')
    await expect(stores.open(directory, { readOnly: true })).rejects.toMatchObject({
      code: 'store-lmdb/absent',
    })
    await using store = await stores.open(directory)
    expect(store.statistics().blocks).toBe(0)
  })

  test('to read finds none where there is none', async () => {
    await expect(stores.open(undefined, { readOnly: true })).rejects.toMatchObject({
      code: 'store-lmdb/absent',
    })
  })

  test('says where a directory cannot be made', async () => {
    const parent = stores.next()
    writeFileSync(parent, 'a file')
    await expect(stores.open(join(parent, 'store'))).rejects.toMatchObject({ code: 'store-lmdb/io' })
  })

  // It says of what it will not make that it is missing, on which Node's own recursive mkdir never ends.
  test('says that nothing can be made below /proc', async ({ skip }) => {
    if (process.platform !== 'linux') skip('only Linux has /proc')
    for (const path of ['/proc/x', '/proc/x/y'])
      await expect(stores.open(path)).rejects.toMatchObject({ code: 'store-lmdb/io' })
  })

  test.each([
    { commitsPerSync: 0 },
    { commitsPerSync: Number.NaN },
    { maxBlockBytes: -1 },
    { name: 'é'.repeat(129) },
  ])('refuses %o', async (options) => {
    await expect(stores.open(undefined, options)).rejects.toMatchObject({ code: 'store-lmdb/bad-option' })
  })
})

describe('threads of one process', () => {
  /** Opens the store in a thread, which keeps it, and gives what came of it. */
  async function openInThread(directory: string, readOnly: boolean): Promise<[Worker, unknown]> {
    const worker = new Worker(new URL('./open-in-thread.ts', import.meta.url), {
      workerData: { directory, readOnly },
    })
    const [said] = await once(worker, 'message')
    return [worker, said]
  }

  test('are refused too while one of them writes, and may read', async () => {
    const directory = stores.next()
    await using store = await stores.open(directory)
    store.commit({ refs: [{ ...HEAD, value: text('a') }] })
    const [writer, refused] = await openInThread(directory, false)
    expect(refused).toEqual({ code: 'store-lmdb/locked', pid: process.pid })
    const [reader, seen] = await openInThread(directory, true)
    expect(seen).toEqual({ refs: 1 })
    await Promise.all([writer.terminate(), reader.terminate()])
    store.commit({ refs: [{ ...HEAD, value: text('b') }] })
    expect(store.getRef('chain', HEAD.key)).toEqual(text('b'))
  })

  test('hold nothing once they are terminated', async () => {
    const directory = stores.next()
    const [writer, held] = await openInThread(directory, false)
    expect(held).toEqual({ refs: 0 })
    await expect(stores.open(directory)).rejects.toMatchObject({ code: 'store-lmdb/locked' })
    await writer.terminate()
    await using store = await stores.open(directory)
    store.commit({ refs: [{ ...HEAD, value: text('a') }] })
    expect(store.statistics().refs).toBe(1)
  })
})

describe('garbage', () => {
  test('leaves with all that only it reaches, however much there is', async () => {
    await using store = await stores.open()
    const chain = (length: number, seed: string): [ReturnType<typeof leaf>[0], ReturnType<typeof leaf>[]] => {
      const blocks = [leaf(seed)]
      while (blocks.length < length) {
        const bytes = new CborWriter()
          .array(1)
          .cid((blocks.at(-1) as ReturnType<typeof leaf>)[0])
          .finish()
        blocks.push([cidOf(crypto, DAG_CBOR, bytes), bytes])
      }
      return [(blocks.at(-1) as ReturnType<typeof leaf>)[0], blocks]
    }
    const [kept, keptBlocks] = chain(1200, 'kept')
    const [, dropped] = chain(1200, 'dropped')
    store.commit({ blocks: [...keptBlocks, ...dropped] })
    const report = await store.collectGarbage([kept], { batchSize: 500 })
    expect(report).toMatchObject({ reached: 1200, absent: 0, removed: 1200 })
    for (const [cid, bytes] of keptBlocks) expect(store.get(cid)).toEqual(bytes)
    expect(dropped.some(([cid]) => store.has(cid))).toBe(false)
    expect(store.statistics().blocks).toBe(1200)
  })
})
