import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { defaultVectorDirectory, findVectors } from '../../src/conformance/find-vectors.ts'
import { EVM_SUITE, FVM_SUITE } from '../../src/conformance/vector-suite.ts'
import { temporaryDirectory } from '../support/run.ts'

function directoryWith(...files: string[]): string {
  const directory = temporaryDirectory()
  for (const file of files) {
    mkdirSync(dirname(join(directory, file)), { recursive: true })
    writeFileSync(join(directory, file), '')
  }
  return directory
}

const namesOf = async (path: string, filter = ''): Promise<string[]> =>
  (await findVectors(path, filter)).map(({ name }) => name)

describe('the vectors of a directory', () => {
  it('are all JSON files below it, by path', async () => {
    const directory = directoryWith('b/2.json', 'b/10.json', 'a.json', 'b/readme.md')
    expect(await namesOf(directory)).toEqual(['a.json', 'b/10.json', 'b/2.json'])
    expect((await findVectors(directory, ''))[0]?.file).toBe(join(directory, 'a.json'))
  })

  it('are those of the corpus where it is a checkout', async () => {
    const directory = directoryWith('package.json', 'corpus/extracted/x/1.json')
    expect(await namesOf(directory)).toEqual(['extracted/x/1.json'])
  })

  it('are those with the wanted text in their path, in any case', async () => {
    const directory = directoryWith('Multisig/1.json', 'miner/2.json')
    expect(await namesOf(directory, 'multiSIG')).toEqual(['Multisig/1.json'])
  })

  it('may be one file', async () => {
    const directory = directoryWith('x/1.json')
    expect(await namesOf(join(directory, 'x', '1.json'))).toEqual(['1.json'])
  })

  it.each([
    ['suite/no-vectors', 'empty', ''],
    ['suite/no-vectors', 'full', 'nothing'],
    ['suite/no-directory', 'missing', ''],
  ])('are missing with %s in a directory that is %s', async (code, name, filter) => {
    const directory = directoryWith('empty/readme.md', 'full/1.json')
    await expect(findVectors(join(directory, name), filter)).rejects.toMatchObject({ code })
  })
})

describe('the usual directory', () => {
  it('is fvm below TROUPE_VECTORS', async () => {
    const directory = directoryWith('fvm/1.json')
    expect(await defaultVectorDirectory({ env: { TROUPE_VECTORS: directory } })).toBe(join(directory, 'fvm'))
  })

  it('has to be there', async () => {
    const env = { TROUPE_VECTORS: join(temporaryDirectory(), 'nothing') }
    await expect(defaultVectorDirectory({ env })).rejects.toMatchObject({
      code: 'suite/no-directory',
      advice: expect.stringContaining('--vectors DIR'),
    })
  })
})

it('a vector is filed under its actor', () => {
  expect(FVM_SUITE.familyOf('0001-shark-01/fil_9_account/Send/Ok/x.json')).toBe('fil_9_account')
  expect(FVM_SUITE.familyOf('x.json')).toBe('-')
  expect(EVM_SUITE.familyOf('VMTests/vmLogTest/log1.json')).toBe('vmLogTest')
})
