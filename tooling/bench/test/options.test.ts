import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readOptions } from '@troupe/bench'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const NAMES = ['a', 'b']
let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'bench-'))
  mkdirSync(join(directory, 'fvm'))
})
afterAll(() => rmSync(directory, { recursive: true }))

describe('the command line', () => {
  it('runs everything at length when it says nothing', () => {
    expect(readOptions([], {}, NAMES)).toMatchObject({ only: [], quick: false, json: undefined })
  })

  it('may name benchmarks, after the -- of npm', () => {
    expect(readOptions(['--', '--only', 'a', '--only', 'b', '--quick'], {}, NAMES)).toMatchObject({
      only: ['a', 'b'],
      quick: true,
    })
  })

  it('may not name a benchmark that is not there, nor an unknown option', () => {
    expect(() => readOptions(['--only', 'c'], {}, NAMES)).toThrow(RangeError)
    expect(() => readOptions(['--fast'], {}, NAMES)).toThrow(TypeError)
  })

  it('fetches engines to compare with only where it says so', () => {
    expect(readOptions([], {}, NAMES)).toMatchObject({ rivals: false, snailtracer: undefined })
    expect(readOptions(['--rivals', '--snailtracer', '/a.sol'], {}, NAMES)).toMatchObject({
      rivals: true,
      snailtracer: '/a.sol',
    })
  })

  it('takes a worker of xsnap from where it says, if it is there', () => {
    expect(readOptions([], {}, NAMES).xsnap).toBeUndefined()
    expect(readOptions(['--xsnap', directory], {}, NAMES).xsnap).toBe(directory)
    expect(() => readOptions(['--xsnap', join(directory, 'gone')], {}, NAMES)).toThrow(RangeError)
  })

  it('takes vectors from where it says, else from where the environment says', () => {
    const env = { TROUPE_VECTORS: directory }
    expect(readOptions(['--vectors', directory], env, NAMES).vectors).toBe(directory)
    expect(readOptions([], env, NAMES).vectors).toBe(join(directory, 'fvm'))
    expect(readOptions([], { TROUPE_VECTORS: join(directory, 'gone') }, NAMES).vectors).toBeUndefined()
    expect(() => readOptions(['--vectors', join(directory, 'gone')], env, NAMES)).toThrow(RangeError)
  })
})
