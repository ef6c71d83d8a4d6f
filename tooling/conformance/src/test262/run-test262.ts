import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Row, RunOptions, SuiteResult } from '../suite.ts'
import type { TestOutcome, WorkerInput } from './worker.ts'

/** Names a checkout, for runs of all suites. */
const CHECKOUT_VARIABLE = 'TROUPE_TEST262'
const FOLDERS = ['language', 'built-ins']
/** What neither the engine nor any actor has. */
const LEFT_OUT = ['built-ins/Temporal/', 'built-ins/Atomics/', 'built-ins/SharedArrayBuffer/']
/** Folders of a path that a row stands for. */
const DEPTH = 3
const STACK_MIB = 64

/** The commit of tc39/test262 that the snapshot is of. */
export const SOURCE = 'tc39/test262@be13516fb6'

/** Runs the tests of the language and of what is built into it, in the engine that actors run in. */
export async function runTest262({ vectors, jobs, onProgress }: RunOptions): Promise<SuiteResult> {
  const directory = vectors ?? process.env[CHECKOUT_VARIABLE]
  if (directory === undefined || !existsSync(join(directory, 'harness', 'sta.js')))
    return { skipped: `it needs a checkout of tc39/test262, named with --vectors or ${CHECKOUT_VARIABLE}` }
  const paths: string[] = []
  for (const folder of FOLDERS)
    for await (const path of glob(`${folder}/**/*.js`, { cwd: join(directory, 'test') }))
      if (!path.endsWith('_FIXTURE.js') && !LEFT_OUT.some((left) => path.startsWith(left))) paths.push(path)
  paths.sort()
  const outcomes: TestOutcome[] = []
  const tell = (outcome: TestOutcome): void => {
    outcomes.push(outcome)
    onProgress(outcomes.length, paths.length)
  }
  const slices = Array.from({ length: jobs }, (_, job) => paths.filter((_, index) => index % jobs === job))
  await Promise.all(slices.map((slice) => runSlice({ directory, paths: slice }, tell)))
  return { rows: rowsOf(outcomes) }
}

/** A row for each folder with how many tests of it pass, one for each test that fails, and one for each reason that others are skipped for. */
function rowsOf(outcomes: readonly TestOutcome[]): Row[] {
  const passed = new Map<string, number>()
  const skipped = new Map<string, number>()
  const add = (counts: Map<string, number>, key: string): void => {
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const failed: Row[] = []
  for (const { id, status, reason } of outcomes) {
    if (status === 'passed') add(passed, id.split('/').slice(0, DEPTH).join('/'))
    else if (status === 'skipped') add(skipped, reason)
    else failed.push({ id: `${id}.js`, status, reason, gas: 0n, cases: 1 })
  }
  const rows = [
    ...[...passed].map(([id, cases]): Row => ({ id, status: 'passed', gas: 0n, cases })),
    ...failed,
    ...[...skipped].map(
      ([reason, cases]): Row => ({ id: `skipped: ${reason}`, status: 'skipped', reason, gas: 0n, cases }),
    ),
  ]
  return rows.sort((a, b) => (a.id < b.id ? -1 : 1))
}

async function runSlice(workerData: WorkerInput, tell: (outcome: TestOutcome) => void): Promise<void> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData,
    resourceLimits: { stackSizeMb: STACK_MIB },
  })
  worker.on('message', tell)
  const [code] = await once(worker, 'exit')
  if (code !== 0) throw new Error(`a thread of the suite ended with code ${code}`)
}
