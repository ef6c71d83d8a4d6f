/** @module `npm run faults -- [--only store|rpc|futures] [--kills N] [--seed S] [--json]` */
import { randomInt } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type CryptoProvider, loadCrypto } from '@troupe/crypto'
import { contend } from './contend.ts'
import { killAskers } from './futures/kill-askers.ts'
import { killWriters } from './kill-writers.ts'
import { attackServer } from './rpc/attack-server.ts'
import { killDev } from './rpc/kill-dev.ts'
import { fillSmallDisk, sealSmallDisk } from './small-disk.ts'

const USAGE = 'npm run faults -- [--only store|rpc|futures] [--kills N] [--seed S] [--json]'
const DEFAULT_KILLS = 500
const LONGEST_LIFE_MS = 80
/** Commits that are synced together in the second half of the kills. */
const GROUP = 4
/** Kills of a writer for one of a whole command, which takes longer to start. */
const KILLS_PER_DEV = 20
const LONGEST_DEV_LIFE_MS = 2_000
const LONGEST_ASKER_LIFE_MS = 1_000
const ATTACK_MS = 5_000
const ATTACK_ROUNDS = 3

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

/** What one run of faults has at hand. */
interface Setting {
  readonly crypto: CryptoProvider
  readonly kills: number
  readonly seed: number
  /** Runs one kind of fault in a directory of its own, and tells of it. */
  run(name: string, work: (directory: string) => Promise<Omit<Report, 'name' | 'seconds'>>): Promise<void>
  /** Says how far it has come, where somebody looks. */
  progress(text: string): void
}

/** The groups of faults, by the name that `--only` has for them. */
const GROUPS = { store: storeFaults, rpc: rpcFaults, futures: futureFaults } as const

async function storeFaults({ crypto, kills, progress, run, seed }: Setting): Promise<void> {
  const killing = (commitsPerSync: number, count: number) => async (directory: string) => {
    const options = {
      seed: seed + commitsPerSync,
      kills: count,
      commitsPerSync,
      longestLifeMs: LONGEST_LIFE_MS,
      onKill: (done: number) => progress(`${done}/${count} kills`),
    }
    const { whileOpening, commits, problems } = await killWriters(directory, crypto, options)
    return { what: `${count} kills, ${whileOpening} of them while opening, ${commits} commits`, problems }
  }
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
}

async function rpcFaults({ crypto, kills, progress, run, seed }: Setting): Promise<void> {
  await run('attacked server', async () => {
    const options = { seed, attackMs: ATTACK_MS, rounds: ATTACK_ROUNDS, onAttack: progress }
    const { answers, attacks, memory, problems, slowestMs } = await attackServer(options)
    const held =
      memory === undefined
        ? 'memory unknown'
        : `MiB: ${[memory.before, memory.peak, ...memory.after].map(Math.round).join(', ')} (before, at most, after each round)`
    const good = `${answers} answers to a good client, the slowest in ${Math.round(slowestMs)} ms`
    return { what: [good, held, ...attacks].join('\n  '), problems }
  })
  const count = Math.ceil(kills / KILLS_PER_DEV)
  await run('killed dev', async (directory) => {
    const onKill = (done: number): void => progress(`${done}/${count} kills`)
    const options = { seed, kills: count, longestLifeMs: LONGEST_DEV_LIFE_MS, onKill }
    const { problems, receipts, slowestStartMs, unseen } = await killDev(directory, crypto, options)
    const started = `there again within ${Math.round(slowestStartMs)} ms`
    return { what: `${count} kills, ${receipts} receipts, ${unseen} more transactions, ${started}`, problems }
  })
}

async function futureFaults({ crypto, kills, progress, run, seed }: Setting): Promise<void> {
  const count = Math.ceil(kills / KILLS_PER_DEV)
  await run('killed askers', async (directory) => {
    const onKill = (done: number): void => progress(`${done}/${count} kills`)
    const options = { seed, kills: count, longestLifeMs: LONGEST_ASKER_LIFE_MS, onKill }
    const { answered, asked, problems, waiting } = await killAskers(directory, crypto, options)
    return {
      what: `${count} kills, ${asked} calls left, ${answered} results delivered, ${waiting} kept`,
      problems,
    }
  })
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: String(DEFAULT_KILLS) },
      seed: { type: 'string', default: String(randomInt(2 ** 31)) },
      only: { type: 'string', multiple: true, default: Object.keys(GROUPS) },
      json: { type: 'boolean', default: false },
    },
  })
  const kills = integer(values.kills, 1)
  const seed = integer(values.seed, 0)
  for (const name of values.only)
    if (!Object.hasOwn(GROUPS, name))
      throw new TypeError(`--only: there are ${Object.keys(GROUPS).join(' and ')}`)
  if (!values.json) console.log(`seed ${seed}, ${kills} kills`)
  const root = mkdtempSync(join(tmpdir(), 'troupe-faults-'))
  const reports: Report[] = []
  const setting: Setting = {
    ...{ crypto: await loadCrypto(), kills, seed },
    progress: (text) => {
      if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`)
    },
    run: async (name, work) => {
      const start = performance.now()
      const directory = join(root, String(reports.length))
      mkdirSync(directory)
      const { what, problems } = await work(directory)
      setting.progress('')
      const report = { name, seconds: (performance.now() - start) / 1000, what, problems }
      reports.push(report)
      if (values.json) return
      console.log(
        `${name.padEnd(16)} ${problems.length === 0 ? 'passed' : 'FAILED'}  ${what}, ${report.seconds.toFixed(1)} s`,
      )
      for (const problem of problems) console.log(`  ${problem}`)
    },
  }
  try {
    for (const [name, group] of Object.entries(GROUPS)) if (values.only.includes(name)) await group(setting)
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
