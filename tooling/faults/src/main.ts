/** @module `npm run faults -- [--kills N] [--seed S] [--json]` */
import { randomInt } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { loadCrypto } from '@troupe/crypto'
import { contend } from './contend.ts'
import { killWriters } from './kill-writers.ts'
import { fillSmallDisk, sealSmallDisk } from './small-disk.ts'

const USAGE = 'npm run faults -- [--kills N] [--seed S] [--json]'
const DEFAULT_KILLS = 500
const LONGEST_LIFE_MS = 80
/** Commits that are synced together in the second half of the kills. */
const GROUP = 4

/** What one kind of fault came to. */
interface Report {
  readonly name: string
  readonly seconds: number
  readonly what: string
  readonly problems: readonly string[]
}

/** Reads a whole number, or says how to do it. */
function integer(text: string, min: number): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= min && value < 2 ** 31) return value
  throw new TypeError(`${text} is not a whole number from ${min} to 2^31-1`)
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: String(DEFAULT_KILLS) },
      seed: { type: 'string', default: String(randomInt(2 ** 31)) },
      json: { type: 'boolean', default: false },
    },
  })
  const kills = integer(values.kills, 1)
  const seed = integer(values.seed, 0)
  if (!values.json) console.log(`seed ${seed}, ${kills} kills`)
  const crypto = await loadCrypto()
  const root = mkdtempSync(join(tmpdir(), 'troupe-faults-'))
  const reports: Report[] = []
  const run = async (
    name: string,
    work: (directory: string) => Promise<{ what: string; problems: readonly string[] }>,
  ): Promise<void> => {
    const start = performance.now()
    const directory = join(root, String(reports.length))
    mkdirSync(directory)
    const { what, problems } = await work(directory)
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
    const report = { name, seconds: (performance.now() - start) / 1000, what, problems }
    reports.push(report)
    if (values.json) return
    console.log(
      `${name.padEnd(16)} ${problems.length === 0 ? 'passed' : 'FAILED'}  ${what}, ${report.seconds.toFixed(1)} s`,
    )
    for (const problem of problems) console.log(`  ${problem}`)
  }
  const killing = (commitsPerSync: number, count: number) => async (directory: string) => {
    const onKill = (done: number): void => {
      if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${done}/${count} kills`)
    }
    const options = {
      seed: seed + commitsPerSync,
      kills: count,
      commitsPerSync,
      longestLifeMs: LONGEST_LIFE_MS,
      onKill,
    }
    const { whileOpening, commits, problems } = await killWriters(directory, crypto, options)
    return { what: `${count} kills, ${whileOpening} of them while opening, ${commits} commits`, problems }
  }
  try {
    await run('kill', killing(1, Math.ceil(kills / 2)))
    if (kills > 1) await run('kill in groups', killing(GROUP, Math.floor(kills / 2)))
    await run('second writer', async (directory) => ({
      what: 'refused by number',
      problems: await contend(directory, crypto, seed),
    }))
    await run('full disk', async (directory) => {
      const report = await fillSmallDisk(directory)
      if ('skipped' in report) return { what: `skipped: ${report.skipped}`, problems: [] }
      return {
        what: `full at height ${report.fullAt}, at the end ${report.height}`,
        problems: report.problems,
      }
    })
    await run('sealed disk', async (directory) => {
      const report = await sealSmallDisk(directory)
      if ('skipped' in report) return { what: `skipped: ${report.skipped}`, problems: [] }
      return { what: 'read where it cannot be written', problems: report.problems }
    })
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
  if (values.json) console.log(JSON.stringify({ seed, kills, faults: reports }, undefined, 2))
  process.exitCode = reports.some(({ problems }) => problems.length > 0) ? 1 : 0
}

try {
  await main()
} catch (error) {
  if (!(error instanceof TypeError)) throw error
  console.error(`${error.message}\n${USAGE}`)
  process.exitCode = 2
}
