import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { formatInput } from './format-input.ts'
import type { Finding } from './run-target.ts'
import type { Target } from './target.ts'
import type { Answer, Task } from './worker.ts'

/** What became of a target. */
export interface Report {
  readonly name: string
  readonly cases: number
  readonly seconds: number
  readonly skipped?: string
  readonly finding?: Finding
}

/** What is run, and what ends it early. */
export interface WatchOptions {
  readonly seed: number
  readonly cases: number
  /** Threads that do the same at the same time, this one counted: they share one process, and so its memory. */
  readonly jobs: number
  /** Ends the run, without a finding. */
  readonly signal: AbortSignal
}

/** A case that says nothing for so long hangs. */
const HANG_MS = 120_000
const LOOK_EVERY_MS = 200
/** The deepest chain of calls must fit the stack, and what is bounded must fit the heap. */
const LIMITS = { stackSizeMb: 64, maxOldGenerationSizeMb: 2048 }

/**
 * Runs a target in a thread, and watches it: a hang, or the end of its memory, is a finding like any other.
 *
 * @param onProgress is told the number of cases begun, now and then
 */
export async function runWatched(
  target: Target,
  { seed, cases, jobs, signal }: WatchOptions,
  onProgress: (begun: number) => void,
): Promise<Report> {
  const start = performance.now()
  const task: Task = { name: target.name, seed, cases, jobs, progress: new SharedArrayBuffer(4) }
  const counter = new Int32Array(task.progress)
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: task,
    resourceLimits: LIMITS,
  })
  let changedAt = start
  let seen = 0
  const ended = Promise.withResolvers<Answer | Error>()
  const end = (): void => ended.resolve({ finding: undefined })
  if (signal.aborted) end()
  signal.addEventListener('abort', end)
  const watch = setInterval(() => {
    const now = performance.now()
    const begun = Atomics.load(counter, 0)
    if (begun !== seen) changedAt = now
    seen = begun
    onProgress(Math.min(begun, cases))
    if (begun > 0 && now - changedAt > HANG_MS)
      ended.resolve(new Error(`no end of it in ${HANG_MS / 1000} s`))
  }, LOOK_EVERY_MS)
  worker.once('message', ended.resolve)
  worker.once('error', ended.resolve)
  worker.once('exit', () => ended.resolve(new Error('the thread ended without an answer')))
  const answer = await ended.promise
  clearInterval(watch)
  signal.removeEventListener('abort', end)
  await worker.terminate()
  const begun = Atomics.load(counter, 0)
  const report = {
    name: target.name,
    cases: Math.min(begun, cases),
    seconds: (performance.now() - start) / 1000,
  }
  if (answer instanceof Error) {
    const input = await inputOf(target, seed, begun)
    return { ...report, finding: { seed, case: begun, input, error: answer.stack ?? answer.message } }
  }
  if ('skipped' in answer) return { ...report, skipped: answer.skipped }
  return answer.finding === undefined ? report : { ...report, finding: answer.finding }
}

/** The input of a case, made again: the thread that had it cannot say. */
async function inputOf(target: Target, seed: number, number: number): Promise<string> {
  const open = number === 0 ? { skipped: 'no case was begun' } : await target.open()
  if ('skipped' in open) return `none: ${open.skipped}`
  return formatInput(fc.sample(open.inputs, { seed, numRuns: number }).at(-1))
}
