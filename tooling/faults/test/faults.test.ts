import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadCrypto } from '@troupe/crypto'
import {
  attackServer,
  contend,
  fillSmallDisk,
  killAskers,
  killDev,
  killWriters,
  sealSmallDisk,
} from '@troupe/faults'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const SEED = 20_261_123
const crypto = await loadCrypto()
let root = ''
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'troupe-faults-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

describe('a store on disk', () => {
  test('opens at the last commit after its writer was killed', async () => {
    const options = { seed: SEED, kills: 2, commitsPerSync: 1, longestLifeMs: 150 }
    const { problems, commits } = await killWriters(join(root, 'kills'), crypto, options)
    expect(problems).toEqual([])
    expect(commits).toBeGreaterThan(0)
  })

  test('opens at one of the last commits where several are synced together', async () => {
    const options = { seed: SEED, kills: 1, commitsPerSync: 4, longestLifeMs: 150 }
    expect((await killWriters(join(root, 'groups'), crypto, options)).problems).toEqual([])
  })

  test('lets one process write and others read, and none wait for a dead one', async () => {
    expect(await contend(join(root, 'second'), crypto, SEED)).toEqual([])
  })

  test('says that a disk is full, and goes on where there is room', async (context) => {
    const directory = mkdtempSync(join(root, 'disk-'))
    const report = await fillSmallDisk(directory)
    if ('skipped' in report) context.skip(report.skipped)
    else {
      expect(report.problems).toEqual([])
      expect(report.fullAt).toBeGreaterThan(100)
      expect(report.height).toBeGreaterThan(report.fullAt)
    }
  })

  test('can be read where the disk cannot be written to', async (context) => {
    const report = await sealSmallDisk(mkdtempSync(join(root, 'disk-')))
    if ('skipped' in report) context.skip(report.skipped)
    else expect(report.problems).toEqual([])
  })
})

describe('calls that are left to the end of a block', () => {
  test('are made once, and their results delivered once, whenever the process was killed', async () => {
    const options = { seed: SEED, kills: 1, longestLifeMs: 500 }
    const { asked, problems } = await killAskers(join(root, 'askers'), crypto, options)
    expect(problems).toEqual([])
    expect(asked).toBeGreaterThan(0n)
  })
})

describe('troupe dev', () => {
  test('keeps its limits under attack, and answers whoever does nothing wrong', async () => {
    const { answers, attacks, memory, problems } = await attackServer({
      seed: SEED,
      attackMs: 300,
      rounds: 1,
    })
    expect(problems).toEqual([])
    expect(attacks).toHaveLength(7)
    expect(answers).toBeGreaterThan(10)
    if (process.platform === 'linux') expect(memory?.peak).toBeGreaterThan(memory?.before ?? 0)
  })

  test('has every transaction whose receipt was seen, after it was killed', async () => {
    const options = { seed: SEED, kills: 1, longestLifeMs: 1_500 }
    const { problems } = await killDev(join(root, 'dev'), crypto, options)
    expect(problems).toEqual([])
  })
})
