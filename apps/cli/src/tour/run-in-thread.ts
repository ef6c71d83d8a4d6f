import { Worker } from 'node:worker_threads'
import { TourError } from './errors.ts'
import type { TourSetup } from './machine-thread.ts'
import type { Step } from './step.ts'

/** Stack of the thread, in MiB: for 1,024 nested calls, each with all the stack that its code may use. */
const STACK_MIB = 256

/**
 * Gives the tour in a thread with a large stack.
 *
 * @param onStep called with each step, as it is done
 * @throws {TourError} tour/worker-died
 * @throws whatever the host fails with
 */
export function runInThread(setup: TourSetup, onStep: (step: Step) => void): Promise<void> {
  // Compilation changes the ending of imports, not of URLs.
  const file = import.meta.url.endsWith('.ts') ? './machine-thread.ts' : './machine-thread.js'
  const thread = new Worker(new URL(file, import.meta.url), {
    workerData: setup,
    resourceLimits: { stackSizeMb: STACK_MIB },
  })
  return new Promise((resolve, reject) => {
    thread.on('message', onStep)
    thread.on('error', reject)
    thread.on('exit', (status) => {
      if (status === 0) resolve()
      else
        reject(
          new TourError('tour/worker-died', `the thread with the machine ended with exit status ${status}`),
        )
    })
  })
}
