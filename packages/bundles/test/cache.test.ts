import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BUNDLE_LIMITS, type BundleCache, type CachedBundle, openBundleCache } from '@troupe/bundles'
import { type Cid, IpldError, parseCid } from '@troupe/ipld'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { archiveOf, type Block, carOf, crypto, smallBundle, text } from './synthetic.ts'

let directory: string
let cache: BundleCache
const main = smallBundle('main')
const test = smallBundle('test')

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'troupe-bundles-'))
  cache = openBundleCache(join(directory, 'cache'), crypto)
})
afterEach(() => {
  rmSync(directory, { recursive: true })
})

const fileOf = (cid: Cid): string => {
  const name = String(cid)
  return join(cache.directory, 'blocks', name.slice(-2), name)
}
const indexOf = (root: Cid): string => join(cache.directory, 'index', `${root}.json`)
const names = (): string[] => cache.list().map(({ name }) => name)
const codeOf = (error: unknown): string | undefined => (error as { code?: string }).code
const thrown = (run: () => unknown): unknown => {
  try {
    return run()
  } catch (error) {
    return error
  }
}
const filesBelow = (path: string): string[] =>
  existsSync(path)
    ? readdirSync(path, { recursive: true })
        .map(String)
        .filter((name) => statSync(join(path, name)).isFile())
        .sort()
    : []

describe('adding bundles', () => {
  it('keeps every bundle of a release archive under its name', async () => {
    const path = join(directory, 'v10.tar.zst')
    writeFileSync(path, await archiveOf({ testing: test.car, mainnet: main.car }))
    const added = await cache.add(path)
    expect(added.map(({ name, isNew }) => [name, isNew])).toEqual([
      ['v10/testing', true],
      ['v10/mainnet', true],
    ])
    expect(names()).toEqual(['v10/mainnet', 'v10/testing'])
  })

  it('describes a bundle with CIDs, names and sizes', async () => {
    await cache.add(main.car, { name: 'v7' })
    const plain = ({ name, root, manifestData, actors }: CachedBundle) => ({
      name,
      root: String(root),
      manifestData: String(manifestData),
      actors: actors.map(({ name, code, bytes }) => [name, String(code), bytes]),
    })
    const expected = {
      name: 'v7',
      root: String(main.root[0]),
      manifestData: String(main.data[0]),
      actors: [
        ['system', String(main.code[0]?.[0]), main.code[0]?.[1].length],
        ['init', String(main.code[1]?.[0]), main.code[1]?.[1].length],
      ],
    }
    expect(cache.list().map(plain)).toEqual([expected])
    const found = cache.find(main.data[0])
    expect(found && plain(found)).toEqual(expected)
    expect(cache.find(test.data[0])).toBeUndefined()
  })

  it('takes a CAR from a file, and names one without a name by its root', async () => {
    const path = join(directory, 'builtin-actors-devnet.car')
    writeFileSync(path, main.car)
    await cache.add(path)
    await cache.add(test.car)
    expect(names().toSorted()).toEqual([String(test.root[0]), 'devnet'].toSorted())
  })

  it('keeps a block that bundles share once', async () => {
    await cache.add(await archiveOf({ mainnet: main.car, testing: test.car }))
    expect(String(main.code[0]?.[0])).toBe(String(test.code[0]?.[0]))
    expect(filesBelow(join(cache.directory, 'blocks'))).toHaveLength(7)
    expect(filesBelow(join(cache.directory, 'tmp'))).toEqual([])
  })

  it('changes nothing the second time, and keeps the first name', async () => {
    await cache.add(main.car, { name: 'first' })
    const files = filesBelow(cache.directory)
    const times = files.map((name) => statSync(join(cache.directory, name)).mtimeMs)
    const again = await cache.add(main.car, { name: 'second' })
    expect(again.map(({ name, isNew }) => [name, isNew])).toEqual([['first', false]])
    expect(filesBelow(cache.directory)).toEqual(files)
    expect(files.map((name) => statSync(join(cache.directory, name)).mtimeMs)).toEqual(times)
  })

  it('stands several adds of the same at once, through several caches', async () => {
    const archive = await archiveOf({ mainnet: main.car, testing: test.car })
    const caches = Array.from({ length: 6 }, () => openBundleCache(cache.directory, crypto))
    const added = await Promise.all(caches.map((one) => one.add(archive, { name: 'v1' })))
    for (const bundles of added) expect(bundles.map(({ name }) => name)).toEqual(['v1/mainnet', 'v1/testing'])
    expect(names()).toEqual(['v1/mainnet', 'v1/testing'])
    expect(filesBelow(cache.directory)).toHaveLength(7 + 2)
    for (const [cid, bytes] of [main.root, main.data, ...main.code, ...test.code])
      expect(cache.get(cid)).toEqual(bytes)
  })

  it('keeps nothing of an archive of which one bundle is refused', async () => {
    const broken = carOf([test.root[0]], [test.root, test.data])
    await expect(cache.add(await archiveOf({ mainnet: main.car, testing: broken }))).rejects.toMatchObject({
      code: 'bundles/incomplete',
    })
    expect(filesBelow(cache.directory)).toEqual([])
    expect(cache.list()).toEqual([])
  })

  it('refuses what is neither archive nor CAR, and what is no file', async () => {
    await expect(cache.add(text('hello'))).rejects.toMatchObject({ code: 'bundles/not-a-bundle' })
    await expect(cache.add(directory)).rejects.toMatchObject({ code: 'bundles/not-a-bundle' })
    await expect(cache.add(join(directory, 'missing'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('takes files up to the limit, and not a byte more', async () => {
    const path = join(directory, 'a.car')
    writeFileSync(path, main.car)
    const over = { limits: { ...BUNDLE_LIMITS, fileBytes: main.car.length - 1 } }
    for (const source of [path, main.car])
      await expect(cache.add(source, over)).rejects.toMatchObject({ code: 'bundles/too-large' })
    const at = { limits: { ...BUNDLE_LIMITS, fileBytes: main.car.length } }
    for (const source of [path, main.car]) await expect(cache.add(source, at)).resolves.toHaveLength(1)
  })
})

describe('reading from the cache', () => {
  beforeEach(async () => {
    await cache.add(main.car, { name: 'main' })
  })
  const init = (main.code as [Block, Block])[1]

  it('gives blocks by CID', () => {
    for (const [cid, bytes] of [main.root, main.data, ...main.code]) expect(cache.get(cid)).toEqual(bytes)
  })

  it('gives plain arrays, whose slices are copies', () => {
    expect(Object.getPrototypeOf(cache.get(init[0]))).toBe(Uint8Array.prototype)
  })

  it('says what it does not have', () => {
    expect(codeOf(thrown(() => cache.get(test.root[0])))).toBe('bundles/unknown')
  })

  it('lists releases in the order of their numbers', async () => {
    await cache.add(smallBundle('a').car, { name: 'v10' })
    await cache.add(smallBundle('b').car, { name: 'v9' })
    expect(names()).toEqual(['main', 'v9', 'v10'])
  })

  it('has an empty list before anything is added', () => {
    expect(openBundleCache(join(directory, 'nowhere'), crypto).list()).toEqual([])
    expect(existsSync(join(directory, 'nowhere'))).toBe(false)
  })

  it('refuses a damaged block, names its file, and restores it when the bundle is added again', async () => {
    writeFileSync(fileOf(init[0]), 'damaged')
    expect(thrown(() => cache.get(init[0]))).toMatchObject({ code: 'bundles/corrupt', path: fileOf(init[0]) })
    const [added] = await cache.add(main.car)
    expect(added).toMatchObject({ name: 'main', isNew: false })
    expect(cache.get(init[0])).toEqual(init[1])
  })

  it('refuses an empty file, as a loss of power may leave one', () => {
    writeFileSync(fileOf(init[0]), '')
    expect(codeOf(thrown(() => cache.get(init[0])))).toBe('bundles/corrupt')
  })

  it.each([
    ['another code', (json: string) => json.replace(String(init[0]), String(main.code[0]?.[0]))],
    ['another manifest', (json: string) => json.replace(String(main.data[0]), String(test.data[0]))],
    ['one actor less', (json: string) => JSON.stringify({ ...JSON.parse(json), actors: [] })],
    ['a name that is none', (json: string) => json.replace('"main"', '"\\u001b[2J"')],
    ['a size that is none', (json: string) => json.replace(/"bytes": \d+/, '"bytes": -1')],
    ['no JSON', () => '{'],
    ['no object', () => 'null'],
    ['nothing', () => ''],
  ])('refuses an index file with %s, and restores it', async (_, change) => {
    const path = indexOf(main.root[0])
    const before = readFileSync(path, 'utf8')
    const after = change(before)
    expect(after).not.toBe(before)
    writeFileSync(path, after)
    expect(thrown(() => cache.list())).toMatchObject({ code: 'bundles/corrupt', path })
    expect(codeOf(thrown(() => cache.find(main.data[0])))).toBe('bundles/corrupt')
    await cache.add(main.car, { name: 'main' })
    expect(readFileSync(path, 'utf8')).toBe(before)
  })

  it('refuses an index file that is not named for a bundle, and passes over other files', () => {
    writeFileSync(join(cache.directory, 'index', 'notes.txt'), '')
    expect(names()).toEqual(['main'])
    const path = join(cache.directory, 'index', 'x.json')
    writeFileSync(path, '{}')
    expect(thrown(() => cache.list())).toMatchObject({ code: 'bundles/corrupt', path })
  })

  it('says that a manifest is gone whose index file is there', () => {
    rmSync(fileOf(main.data[0]))
    expect(codeOf(thrown(() => cache.list()))).toBe('bundles/unknown')
  })
})

describe('the blockstore of a cache', () => {
  beforeEach(async () => {
    await cache.add(main.car)
  })
  const init = (main.code as [Block, Block])[1]

  it('has the blocks of the cache, and tells absent ones', () => {
    const store = cache.blockstore()
    expect(store.has(init[0])).toBe(true)
    expect(store.get(init[0])).toEqual(init[1])
    expect(store.has(test.root[0])).toBe(false)
    expect(store.get(test.root[0])).toBeUndefined()
  })

  it('has no blocks under CIDs of other kinds', () => {
    const store = cache.blockstore()
    for (const other of [
      'QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n',
      'bafkqabtimvwgy3yk',
      'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku',
    ]) {
      expect(store.has(parseCid(other))).toBe(false)
      expect(store.get(parseCid(other))).toBeUndefined()
    }
  })

  it('sees what is added later', async () => {
    const store = cache.blockstore()
    await cache.add(test.car)
    expect(store.has(test.root[0])).toBe(true)
  })

  it('takes no blocks', () => {
    expect(codeOf(thrown(() => cache.blockstore().put(test.root[0], test.root[1])))).toBe('bundles/read-only')
  })

  it('does not take a damaged block for an absent one', () => {
    writeFileSync(fileOf(init[0]), 'damaged')
    const error = thrown(() => cache.blockstore().get(init[0])) as IpldError
    expect(error).toBeInstanceOf(IpldError)
    expect(error).toMatchObject({ code: 'blockstore/hash-mismatch', cause: { code: 'bundles/corrupt' } })
  })

  it('does not take a file that cannot be read for an absent block', () => {
    rmSync(fileOf(init[0]))
    mkdirSync(fileOf(init[0]))
    const error = thrown(() => cache.blockstore().get(init[0]))
    expect(error).toBeInstanceOf(IpldError)
    expect(codeOf(error)).toBe('blockstore/unavailable')
  })
})
