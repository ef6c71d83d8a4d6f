import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Row, RunOptions, SuiteResult } from '../suite.ts'

/** What a thread is given that runs files of tests; for each of them it posts its rows. */
export interface WorkerInput {
  readonly checkout: string
  /** Paths from its packages. */
  readonly files: readonly string[]
}

const STACK_MIB = 64

/** Runs files of tests in threads. */
export async function runFiles(
  worker: URL,
  checkout: string,
  files: readonly string[],
  { jobs, onProgress }: RunOptions,
): Promise<SuiteResult> {
  const rows: Row[] = []
  let done = 0
  const tell = (some: readonly Row[]): void => {
    rows.push(...some)
    onProgress(++done, files.length)
  }
  const slices = Array.from({ length: jobs }, (_, job) => files.filter((_, index) => index % jobs === job))
  await Promise.all(slices.map((slice) => runSlice(worker, { checkout, files: slice }, tell)))
  return { rows: rows.sort((a, b) => (a.id < b.id ? -1 : 1)) }
}

async function runSlice(
  module: URL,
  workerData: WorkerInput,
  tell: (rows: readonly Row[]) => void,
): Promise<void> {
  const worker = new Worker(module, { workerData, resourceLimits: { stackSizeMb: STACK_MIB } })
  worker.on('message', tell)
  const [code] = await once(worker, 'exit')
  if (code !== 0) throw new Error(`a thread of the suite ended with code ${code}`)
}
