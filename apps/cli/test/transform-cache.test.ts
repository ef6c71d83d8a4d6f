import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FileTransformCache } from '../src/transform-cache.ts'
import { temporaryDirectory } from './support/run.ts'

const KEY = 'wasm-00ff'

describe('transformed modules in a directory', () => {
  it('are there for every cache of this directory, and no others are', () => {
    const directory = temporaryDirectory()
    const cache = new FileTransformCache(directory)
    expect(cache.get(KEY)).toBeUndefined()
    cache.put(KEY, Uint8Array.of(1, 2, 3))
    cache.put(KEY, Uint8Array.of(4, 5))
    expect(new FileTransformCache(directory).get(KEY)).toEqual(Uint8Array.of(4, 5))
    expect(cache.get('wasm-01ff')).toBeUndefined()
    expect(readdirSync(join(directory, 'ff'))).toEqual([KEY])
  })

  it('are not kept, and nothing is said, where the directory cannot be written', () => {
    const directory = temporaryDirectory()
    writeFileSync(join(directory, 'file'), '')
    const cache = new FileTransformCache(join(directory, 'file'))
    cache.put(KEY, Uint8Array.of(1))
    expect(cache.get(KEY)).toBeUndefined()
  })

  it('leave nothing behind where they cannot be put in place', () => {
    const directory = temporaryDirectory()
    mkdirSync(join(directory, 'ff', KEY), { recursive: true })
    writeFileSync(join(directory, 'ff', KEY, 'x'), '')
    const cache = new FileTransformCache(directory)
    cache.put(KEY, Uint8Array.of(1))
    expect(readdirSync(join(directory, 'ff'))).toEqual([KEY])
    expect(cache.get(KEY)).toBeUndefined()
  })

  it('have keys that can name files', () => {
    const cache = new FileTransformCache(temporaryDirectory())
    for (const key of ['../x', 'a/b', '', 'a'.repeat(129), 'a\u0000'])
      expect(() => cache.get(key)).toThrow(TypeError)
  })
})
