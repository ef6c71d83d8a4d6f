/** @module `npm run fuzz -- [--cases N] [--seed S] [--only NAME] [--jobs N] [--json]` */
import { randomInt } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { runJobs } from './run-jobs.ts'
import type { Report } from './run-watched.ts'
import { TARGETS } from './targets.ts'

const USAGE = 'npm run fuzz -- [--cases N] [--seed S] [--only NAME] [--jobs N] [--json]'
const DEFAULT_CASES = 1000
/** Each thread may take 2 GiB. */
const MAX_JOBS = 64
const BAR_WIDTH = 24

/** Seeds of the jobs follow each other, and have 31 bits. */
const MAX_SEED = 2 ** 31 - 1 - MAX_JOBS

/** Reads a whole number, or says how to do it. */
function integer(text: string, min: number, max: number): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= min && value <= max) return value
  throw new TypeError(`${text} is not a whole number from ${min} to ${max}`)
}

function options(): {
  cases: number
  seed: number
  only: string | undefined
  jobs: number
  json: boolean
} {
  const { values } = parseArgs({
    options: {
      cases: { type: 'string' },
      seed: { type: 'string' },
      only: { type: 'string' },
      jobs: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  })
  const { only } = values
  if (only !== undefined && !TARGETS.some(({ name }) => name === only))
    throw new TypeError(`there is no target ${only}: ${TARGETS.map(({ name }) => name).join(', ')}`)
  return {
    cases: integer(values.cases ?? String(DEFAULT_CASES), 1, 2 ** 31 - 1),
    seed: integer(values.seed ?? String(randomInt(MAX_SEED)), 0, MAX_SEED),
    only,
    jobs: integer(values.jobs ?? String(Math.min(availableParallelism(), MAX_JOBS)), 1, MAX_JOBS),
    json: values.json,
  }
}

function line({ name, cases, seconds, skipped, finding }: Report): string {
  const what =
    skipped !== undefined
      ? `skipped: ${skipped}`
      : `${finding === undefined ? 'passed' : 'FAILED'}  ${cases} cases, ${seconds.toFixed(1)} s`
  const detail =
    finding === undefined
      ? ''
      : `\n  again with --only ${name} --seed ${finding.seed} --cases ${finding.case} --jobs 1\n  input ${finding.input}\n  ${finding.error.replaceAll('\n', '\n  ')}`
  return `${name.padEnd(10)} ${what}${detail}`
}

async function main(): Promise<void> {
  const { cases, seed, only, jobs, json } = options()
  if (!json) console.log(`seed ${seed}, ${cases} cases a target, ${jobs === 1 ? '1 job' : `${jobs} jobs`}`)
  const reports: Report[] = []
  for (const target of TARGETS) {
    if (only !== undefined && target.name !== only) continue
    const show = (begun: number): void => {
      if (!process.stderr.isTTY) return
      const filled = Math.floor((begun / cases) * BAR_WIDTH)
      const bar = '━'.repeat(filled) + '─'.repeat(BAR_WIDTH - filled)
      process.stderr.write(`\r\u001b[K${target.name.padEnd(10)} ${bar} ${begun}/${cases}`)
    }
    const report = await runJobs(target, { seed, cases, jobs }, show)
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
    reports.push(report)
    if (!json) console.log(line(report))
  }
  if (json) console.log(JSON.stringify({ seed, cases, jobs, targets: reports }, undefined, 2))
  process.exitCode = reports.some(({ finding }) => finding !== undefined) ? 1 : 0
}

try {
  await main()
} catch (error) {
  if (!(error instanceof TypeError)) throw error
  console.error(`${error.message}\n${USAGE}`)
  process.exitCode = 2
}
