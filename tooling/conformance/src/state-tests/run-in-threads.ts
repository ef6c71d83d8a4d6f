import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { defaultVectorDirectory, findVectors } from '@troupe/cli/src/conformance/find-vectors.ts'
import type { VectorTask } from '@troupe/cli/src/conformance/task.ts'
import { EVM_SUITE } from '@troupe/cli/src/conformance/vector-suite.ts'
import { CliError } from '@troupe/cli/src/errors.ts'
import type { Row, RunOptions, SuiteResult } from '../suite.ts'
import { ethereumTests, NO_CHECKOUT } from './ethereum-tests.ts'

/** What a thread is given. */
export interface ThreadInput {
  readonly tasks: readonly VectorTask[]
}

/** For calls as deep as contracts go. */
const STACK_MIB = 256

/** Runs the state tests of a checkout, or of the vectors where none is named, in threads that each tell the rows of their files. @param script of the threads */
export async function runInThreads(
  script: URL,
  { vectors, jobs, onProgress }: RunOptions,
): Promise<SuiteResult> {
  const directory = await directoryOf(vectors)
  if (directory === undefined) return { skipped: NO_CHECKOUT }
  const tasks = await findVectors(directory, '', EVM_SUITE)
  const rows: Row[] = []
  let done = 0
  const tell = (found: readonly Row[]): void => {
    rows.push(...found)
    onProgress(++done, tasks.length)
  }
  const slices = Array.from({ length: jobs }, (_, job) => tasks.filter((_, index) => index % jobs === job))
  await Promise.all(slices.map((slice) => runSlice(script, { tasks: slice }, tell)))
  return { rows: rows.sort((a, b) => (a.id < b.id ? -1 : 1)) }
}

async function directoryOf(named: string | undefined): Promise<string | undefined> {
  const checkout = ethereumTests(named)
  if (checkout !== undefined && (named !== undefined || existsSync(checkout))) return checkout
  try {
    return await defaultVectorDirectory({ env: process.env }, EVM_SUITE)
  } catch (error) {
    if (error instanceof CliError && error.code === 'suite/no-directory') return undefined
    throw error
  }
}

async function runSlice(
  script: URL,
  workerData: ThreadInput,
  tell: (rows: readonly Row[]) => void,
): Promise<void> {
  const worker = new Worker(script, { workerData, resourceLimits: { stackSizeMb: STACK_MIB } })
  worker.on('message', tell)
  const [code] = await once(worker, 'exit')
  if (code !== 0) throw new Error(`a thread of the suite ended with code ${code}`)
}
