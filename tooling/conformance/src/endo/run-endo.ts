import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Row, RunOptions, SuiteResult } from '../suite.ts'
import type { WorkerInput } from './worker.ts'

/** Names a checkout, for runs of all suites. */
const CHECKOUT_VARIABLE = 'TROUPE_ENDO'
/** The packages that actors stand on. */
const PACKAGES = ['ses', 'exo', 'marshal', 'patterns', 'pass-style']
const STACK_MIB = 64

/** The commit of endojs/endo that the snapshot is of. */
export const SOURCE = 'endojs/endo@1fa6c227e'

/** Runs endo's own tests in the engine that actors run in; each brings its own `ses`, and locks down as it wants. */
export async function runEndo({ vectors, jobs, onProgress }: RunOptions): Promise<SuiteResult> {
  const checkout = vectors ?? process.env[CHECKOUT_VARIABLE]
  if (checkout === undefined || !existsSync(join(checkout, 'packages', 'ses', 'package.json')))
    return { skipped: `it needs a checkout of endojs/endo, named with --vectors or ${CHECKOUT_VARIABLE}` }
  const files: string[] = []
  for (const name of PACKAGES)
    for await (const file of glob(`${name}/test/*.test.{js,ts}`, { cwd: join(checkout, 'packages') }))
      files.push(file)
  files.sort()
  const rows: Row[] = []
  let done = 0
  const tell = (some: readonly Row[]): void => {
    rows.push(...some)
    onProgress(++done, files.length)
  }
  const slices = Array.from({ length: jobs }, (_, job) => files.filter((_, index) => index % jobs === job))
  await Promise.all(slices.map((slice) => runSlice({ checkout, files: slice }, tell)))
  return { rows: rows.sort((a, b) => (a.id < b.id ? -1 : 1)) }
}

async function runSlice(workerData: WorkerInput, tell: (rows: readonly Row[]) => void): Promise<void> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData,
    resourceLimits: { stackSizeMb: STACK_MIB },
  })
  worker.on('message', tell)
  const [code] = await once(worker, 'exit')
  if (code !== 0) throw new Error(`a thread of the suite ended with code ${code}`)
}
