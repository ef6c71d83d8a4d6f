/** @module `npm run conformance -- [SUITE ...] [--vectors DIR] [--jobs N] [--update] [--json]` */
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { observeEnvironment } from '@troupe/bench'
import { readSnapshot, writeSnapshot } from '@troupe/cli/src/conformance/snapshot.ts'
import { FVM_SUITE } from '@troupe/cli/src/conformance/vector-suite.ts'
import { CliError } from '@troupe/cli/src/errors.ts'
import { jsonLine } from '@troupe/cli/src/json.ts'
import { judge, type Verdict } from './judge.ts'
import { type Options, readOptions } from './options.ts'
import { renderReport, reportOf, type SuiteRun } from './report.ts'
import type { Suite } from './suite.ts'
import { SUITES, TEST_SUITES } from './suites.ts'

const USAGE = 'npm run conformance -- [SUITE ...] [--vectors DIR] [--jobs N] [--update] [--json]'
/** How many rows are named that differ from a snapshot. */
const MAX_NAMED = 10
/** How often progress is told where it is kept. */
const TELL_EVERY_MS = 30_000
const HOME = new URL('../', import.meta.url)

async function main(): Promise<boolean> {
  const options = readOptions(
    process.argv.slice(2),
    SUITES.map(({ name }) => name),
  )
  const wanted = SUITES.filter(({ name }) => options.suites.length === 0 || options.suites.includes(name))
  const environment = observeEnvironment()
  const runs: SuiteRun[] = []
  let isWorse = false
  for (const suite of wanted) {
    const run = await runSuite(suite, options)
    runs.push(run)
    if ('rows' in run.result && (await settle(suite, run.result.rows, options))) isWorse = true
  }
  const report = reportOf(runs, environment())
  console.log(options.json ? jsonLine(report) : renderReport(report))
  if (options.update && wanted.length === SUITES.length)
    await writeFile(new URL('RESULTS.md', HOME), `# Results\n\n${renderReport(report)}`)
  return isWorse
}

async function runSuite(suite: Suite, { suites, vectors: named, jobs }: Options): Promise<SuiteRun> {
  const start = performance.now()
  // A directory has the vectors of one suite. Where none is named it is that of `fvm`.
  const vectors = suites.length > 0 || suite.name === FVM_SUITE.name ? named : undefined
  const result = await suite.run({
    ...(vectors === undefined ? {} : { vectors }),
    jobs,
    onProgress: progressOf(suite.name),
  })
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
  return { suite, result, seconds: (performance.now() - start) / 1000 }
}

/** Tells how far a suite is: on a terminal in one line, elsewhere in a line every half minute. */
function progressOf(suite: string): (done: number, total: number) => void {
  const { stderr } = process
  let told = performance.now()
  return (done, total) => {
    if (stderr.isTTY) stderr.write(`\r\u001b[K${suite} ${done}/${total}`)
    else if (performance.now() - told > TELL_EVERY_MS) {
      told = performance.now()
      stderr.write(`${suite} ${done}/${total}\n`)
    }
  }
}

/** Compares rows with their snapshot, or takes them over; whether they are worse. */
async function settle(
  suite: Suite,
  rows: Parameters<typeof judge>[2],
  { update, vectors }: Options,
): Promise<boolean> {
  const file = fileURLToPath(new URL(`snapshots/${suite.name}.json`, HOME))
  // Of vectors there may be a part; tests are either there or gone.
  const verdict = judge(
    suite.name,
    await readSnapshot(file),
    rows,
    vectors !== undefined || TEST_SUITES.every(({ name }) => name !== suite.name),
    suite.source,
  )
  if (update) await writeSnapshot(file, verdict.next)
  else tell(suite.name, verdict)
  return !update && verdict.worse.length > 0
}

function tell(suite: string, { worse, changed, absent }: Verdict): void {
  const name = (ids: readonly string[]): string =>
    `${ids.slice(0, MAX_NAMED).join(', ')}${ids.length > MAX_NAMED ? ', ...' : ''}`
  if (absent > 0) console.error(`${suite}: not run: ${absent} of the snapshot`)
  if (changed.length > 0)
    console.error(`${suite}: changed: ${changed.length} (${name(changed)}); take it over with --update`)
  if (worse.length > 0) console.error(`${suite}: worse than the snapshot: ${worse.length} (${name(worse)})`)
}

try {
  process.exitCode = (await main()) ? 1 : 0
} catch (error) {
  if (!(error instanceof TypeError) && !(error instanceof CliError)) throw error
  console.error(`${error.message}\n${USAGE}`)
  process.exitCode = 2
}
