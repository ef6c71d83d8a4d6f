import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeIpld } from '@troupe/ipld'
import { type EngineParts, type ImageStore, sesRuntime } from '@troupe/runtime-ses'
import { FileStore, nodeParts } from '@troupe/runtime-ses/node'
import { SMALL_SDK } from '@troupe/testkit'
import { afterAll, describe, expect, it } from 'vitest'
import { Engines } from '../src/engine/engines.ts'
import { CodeImages, type PreparedCode } from '../src/image/code-images.ts'
import { FirstImage } from '../src/image/first-image.ts'
import { decodeImage, encodeImage, imageCid } from '../src/image/image.ts'
import { store } from './support/image-store.ts'
import { codeOf, crypto, RULES, runtime, TEST_IMAGE } from './support/ses-network.ts'

const PAGE = 65_536
const ROOTS = { context: 1, runtime: 2, prepare: -3n, begin: 4n, beginUpgrade: 5n, conclude: 6n, where: -7n }
const parts = nodeParts(() => SMALL_SDK)
const changed = (bytes: Uint8Array): Uint8Array => bytes.map((byte, i) => (i === 100 ? byte ^ 1 : byte))

describe('the block of an image', () => {
  const memory = new Uint8Array(3 * PAGE)
  memory.set([1, 2, 3], PAGE + 10)
  const block = encodeImage(memory, [7, -8], ROOTS)

  it('is a tuple of the form, pages, globals, roots and what of the memory is not zeros', () => {
    expect([...block.subarray(0, 4)]).toEqual([0x85, 0x02, 0x03, 0x82])
    expect(block.length).toBeLessThan(4096 + 100)
    expect(imageCid(crypto, block).toString()).toBe(
      'bafy2bzacec6ugeopcleafukqgwlb5fe6ianilf5esggxwzedhcdbg2kp7fh6k',
    )
  })

  it('can be read back', () => {
    const { snapshot, roots } = decodeImage(block)
    expect(roots).toEqual(ROOTS)
    expect([snapshot.length, snapshot.globals]).toEqual([3 * PAGE, [7, -8]])
  })

  const roots = [1n, 2n, 3n, 4n, 5n, 6n, 7n]
  it.each([
    ['is no block', Uint8Array.of(0xff)],
    ['is another value', encodeIpld(1n)],
    ['has another form', encodeIpld([1n, 1n, [], roots, []])],
    ['has no pages', encodeIpld([2n, 0n, [], roots, []])],
    ['has more pages than there are', encodeIpld([2n, 1025n, [], roots, []])],
    ['has globals that are none', encodeIpld([2n, 1n, ['a'], roots, []])],
    ['has too few roots', encodeIpld([2n, 1n, [], roots.slice(1), []])],
    ['has memory that is none', encodeIpld([2n, 1n, [], roots, [[0n, 'a']]])],
    ['has a part of a chunk', encodeIpld([2n, 1n, [], roots, [[0n, new Uint8Array(4095)]]])],
    ['has a chunk elsewhere than chunks are', encodeIpld([2n, 1n, [], roots, [[1n, new Uint8Array(4096)]]])],
    [
      'has chunks in no order',
      encodeIpld([2n, 1n, [], roots, [4096n, 0n].map((at) => [at, new Uint8Array(4096)])]),
    ],
    ['has more memory than pages', encodeIpld([2n, 1n, [], roots, [[65_536n, new Uint8Array(4096)]]])],
  ])('is refused where it %s', (_, bytes) => {
    expect(() => decodeImage(bytes)).toThrow(expect.objectContaining({ code: 'ses/malformed-image' }))
  })
})

describe('the first image', () => {
  const image = (options: { parts?: Partial<EngineParts>; store?: ImageStore; image?: string }): unknown =>
    sesRuntime({ crypto, store, ...options, parts: { ...parts, ...options.parts } })
      .imageCid(RULES)
      .toString()

  it('is the one that the parts boot to', () => {
    expect(runtime.imageCid(RULES).toString()).toBe(TEST_IMAGE)
  })

  it('is made of the pinned engine and the pinned library only', () => {
    const other = (part: string): unknown => expect.objectContaining({ code: 'ses/other-part', part })
    const empty: ImageStore = { get: () => undefined, put: () => {} }
    expect(() => image({ parts: { engine: () => changed(parts.engine()) }, store: empty })).toThrow(
      other('quickjs.wasm'),
    )
    expect(() => image({ parts: { lockdown: () => changed(parts.lockdown()) }, store: empty })).toThrow(
      other('ses.umd.min.js'),
    )
  })

  it('comes from the store, where that has it whole, and the parts are not asked for', () => {
    const lockdown = (): never => {
      throw new Error('nobody should ask')
    }
    runtime.imageCid(RULES)
    expect(image({ parts: { engine: lockdown, lockdown, sdk: lockdown }, image: TEST_IMAGE })).toBe(
      TEST_IMAGE,
    )
    const damaged: ImageStore = {
      get: (name) => {
        const bytes = store.get(name)
        return bytes !== undefined && name.startsWith('image-') ? changed(bytes) : bytes
      },
      put: () => {},
    }
    expect(() => image({ parts: { lockdown }, image: TEST_IMAGE, store: damaged })).toThrow(
      'nobody should ask',
    )
  })

  it('comes from the store too where none is expected, and the parts are the same', () => {
    const names: string[] = []
    const remembered: ImageStore = {
      get: (name) => {
        names.push(name)
        return name.startsWith('booted-') ? new TextEncoder().encode(TEST_IMAGE) : store.get(name)
      },
      put: () => {},
    }
    const lockdown = (): never => {
      throw new Error('nobody should ask')
    }
    expect(image({ parts: { lockdown }, store: remembered })).toBe(TEST_IMAGE)
    expect(image({ parts: { lockdown, sdk: () => '({})' }, store: remembered })).toBe(TEST_IMAGE)
    const booted = names.filter((name) => name.startsWith('booted-'))
    expect(new Set(booted).size).toBe(2)
    const damaged: ImageStore = { get: () => Uint8Array.of(1), put: () => {} }
    expect(() => image({ parts: { lockdown }, store: damaged })).toThrow('nobody should ask')
  })

  it('is refused where the parts boot to another one than is pinned', () => {
    const other = expect.objectContaining({ code: 'ses/other-image' })
    expect(() => image({ parts: { sdk: () => '({})' }, image: TEST_IMAGE.replace(/.$/, 'q') })).toThrow(other)
  })
})

describe('images of codes', () => {
  const engines = new Engines(RULES, { engine: parts.engine, crypto, store })
  const first = new FirstImage({ parts, crypto, store, expected: TEST_IMAGE, block: undefined })
  const code = (value: number): Uint8Array => codeOf(`({ 2: ${value} })`)
  const bytesOf = (made: PreparedCode | undefined): number => made?.image?.snapshot.ownBytes ?? 0
  const make = (images: CodeImages, value: number): PreparedCode | undefined =>
    images.prepare(String(value), code(value), 10n ** 13n)

  it('are kept up to so many bytes, and the one that was wanted longest ago goes', () => {
    const size = bytesOf(make(new CodeImages(engines, first), 1))
    expect(size).toBeGreaterThan(0)
    // Each takes a little more: what is known of its code.
    const two = new CodeImages(engines, first, 2 * size + 3 * 4096)
    const made = [1, 2].map((value) => make(two, value))
    expect(make(two, 1)).toBe(made[0])
    make(two, 3)
    expect(make(two, 1)).toBe(made[0])
    const again = make(two, 2)
    expect(again).not.toBe(made[1])
    expect(again?.used).toBe(made[1]?.used)
  })

  it('are not kept where the gas does not do, so that more may', () => {
    const images = new CodeImages(engines, first)
    expect(images.prepare('1', code(1), 1000n)).toBeUndefined()
    expect(make(images, 1)?.preparation.isAccepted).toBe(true)
  })
})

describe('files of images', () => {
  const directory = mkdtempSync(join(tmpdir(), 'troupe-images-'))
  afterAll(() => rmSync(directory, { recursive: true }))

  it('are what was put last, whole, and nothing beside them', () => {
    const files = new FileStore(join(directory, 'some', 'where'))
    expect(files.get('a')).toBeUndefined()
    files.put('a', Uint8Array.of(1))
    files.put('a', Uint8Array.of(2, 3))
    expect(files.get('a')).toEqual(Buffer.of(2, 3))
    expect(readdirSync(files.directory)).toEqual(['a'])
  })

  it('need not be there', () => {
    writeFileSync(join(directory, 'file'), '')
    const files = new FileStore(join(directory, 'file'))
    files.put('a', Uint8Array.of(1))
    expect(files.get('a')).toBeUndefined()
  })
})
