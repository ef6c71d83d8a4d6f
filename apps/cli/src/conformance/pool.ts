import { setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'
import { describeError } from '../describe-error.ts'
import { CliError } from '../errors.ts'
import { type OpenedVector, openVector } from './open-vector.ts'
import type { VectorAnswer, VectorTask, WorkerSetup } from './task.ts'

/**
 * Stack of a thread that runs machines, in MiB: 1,024 nested calls, each with all the stack that its code may use, and the frames of host functions
 * between them.
 */
const STACK_MIB = 256

/**
 * Heap that a thread starts with, in MiB. V8's own choice is a few, and every instance of a module weighs on it: it grows in small steps, with a full
 * collection at each. It is no limit, and memory that is not used is not there.
 */
const HEAP_MIB = 128

/** How tasks are run. */
export interface PoolOptions {
  readonly jobs: number
  readonly setup: WorkerSetup
  /** Where Node keeps the command's own scripts compiled. */
  readonly scripts: string
  /** Called with each answer, in the order in which they come. */
  readonly onAnswer: (task: VectorTask, answer: VectorAnswer) => void
}

/**
 * Runs tasks in threads of their own, each thread taking the next one when it is done with the last.
 *
 * A thread that dies (of a stack or a memory that is too small, say) fails the task it had, and is replaced. Threads hand each other no compiled
 * modules: V8 compiles the same bytes once for a process, and all threads share the native code with its tiers.
 */
export async function runTasks(tasks: readonly VectorTask[], options: PoolOptions): Promise<void> {
  const queue = tasks.values()
  const jobs = Math.max(1, Math.min(options.jobs, tasks.length))
  await Promise.all(Array.from({ length: jobs }, () => work(queue, options)))
}

async function work(queue: Iterator<VectorTask>, { setup, scripts, onAnswer }: PoolOptions): Promise<void> {
  const { suite } = setup
  let worker: Worker | undefined
  try {
    for (let next = takeNext(queue, suite); next !== undefined; ) {
      worker ??= startWorker(setup, scripts)
      const { task, opened } = next
      // While the thread runs one vector, this one opens the next.
      next = takeNext(queue, suite)
      const answer = await ask(worker, task, opened)
      if (answer instanceof CliError) {
        await worker.terminate()
        worker = undefined
      }
      onAnswer(task, answer instanceof CliError ? deathOf(task, answer) : answer)
    }
  } finally {
    await worker?.terminate()
  }
}

interface NextTask {
  readonly task: VectorTask
  readonly opened: Promise<OpenedVector | undefined>
}

function takeNext(queue: Iterator<VectorTask>, suite: WorkerSetup['suite']): NextTask | undefined {
  const next = queue.next()
  if (next.done === true) return undefined
  // What is not wrapped is opened by whoever runs it.
  const opened = suite === 'evm' ? Promise.resolve(undefined) : openVector(next.value.file)
  return { task: next.value, opened }
}

function startWorker(setup: WorkerSetup, scripts: string): Worker {
  const module = new URL('./worker.ts', import.meta.url)
  // Compilation changes the ending of imports, not of URLs.
  if (!import.meta.url.endsWith('.ts')) module.pathname = module.pathname.replace(/\.ts$/, '.js')
  // For the threads that are started from here on: only V8 has an option for it, not the thread.
  setFlagsFromString(`--initial-heap-size=${HEAP_MIB}`)
  return new Worker(module, {
    workerData: setup,
    // Half of what a thread takes to start is compiling the command. What the user sets goes first.
    env: { NODE_COMPILE_CACHE: scripts, ...process.env },
    resourceLimits: { stackSizeMb: STACK_MIB },
  })
}

/** A thread's answer, or why there will be none. */
function ask(
  worker: Worker,
  task: VectorTask,
  opened: Promise<OpenedVector | undefined>,
): Promise<VectorAnswer | CliError> {
  return new Promise((resolve, reject) => {
    const settle = (answer: VectorAnswer | CliError): void => {
      worker.off('message', settle).off('error', onError).off('exit', onExit)
      resolve(answer)
    }
    const onError = (cause: unknown): void =>
      settle(new CliError('suite/worker-died', 'the thread that ran this vector failed', { cause }))
    const onExit = (code: number): void =>
      settle(new CliError('suite/worker-died', `the thread that ran this vector ended with status ${code}`))
    worker.on('message', settle).on('error', onError).on('exit', onExit)
    // Listened to before: a thread may die before it is asked anything.
    opened.then((vector) => post(worker, task, vector)).catch(reject)
  })
}

function post(worker: Worker, task: VectorTask, opened: OpenedVector | undefined): void {
  if (opened !== undefined)
    try {
      worker.postMessage({ ...task, opened } satisfies VectorTask, [opened.car.buffer])
      return
    } catch (error) {
      // Cloning recurs, and this thread has a small stack. The other one can open the vector for itself.
      if (!(error instanceof Error)) throw error
    }
  worker.postMessage(task)
}

function deathOf(task: VectorTask, death: CliError): VectorAnswer {
  const report = describeError(death)
  const reason = [`${report.code}: ${report.message}`, ...report.causes.map(({ message }) => message)].join(
    '; ',
  )
  return [{ id: task.name, status: 'failed', reason, error: report, gas: 0n, milliseconds: 0 }]
}
