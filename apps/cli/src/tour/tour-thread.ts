import { Worker } from 'node:worker_threads'
import type { TourCode } from './actors.ts'
import { TourError } from './errors.ts'
import type { ThreadMessage, TourSetup } from './machine-thread.ts'
import type { Step } from './step.ts'

/** Stack of the thread, in MiB: for 1,024 nested calls, each with all the stack that its code may use. */
const STACK_MIB = 256

/** Where the tour is given: a thread with a large stack. */
export class TourThread {
  readonly #thread: Worker
  readonly #ended: Promise<void>
  readonly #booted: Promise<void>
  #onStep: (step: Step) => void = () => {}

  /** Starts the thread, which boots its engine at once. */
  constructor(setup: TourSetup) {
    // Compilation changes the ending of imports, not of URLs.
    const file = import.meta.url.endsWith('.ts') ? './machine-thread.ts' : './machine-thread.js'
    const thread = new Worker(new URL(file, import.meta.url), {
      workerData: setup,
      resourceLimits: { stackSizeMb: STACK_MIB },
    })
    this.#thread = thread
    this.#ended = new Promise((resolve, reject) => {
      thread.on('error', reject)
      thread.on('exit', (status) => {
        if (status === 0) resolve()
        else
          reject(
            new TourError('tour/worker-died', `the thread with the machine ended with exit status ${status}`),
          )
      })
    })
    // Whoever waits for the thread is told; nobody may wait yet.
    this.#ended.catch(() => {})
    this.#booted = new Promise((resolve) => {
      thread.on('message', (message: ThreadMessage) => {
        if (message === 'booted') resolve()
        else this.#onStep(message)
      })
    })
  }

  /** Waits until its engine has booted. @throws {TourError} tour/worker-died; and whatever the host fails with */
  async booted(): Promise<void> {
    const ended = this.#ended.then(() => {
      throw new TourError(
        'tour/worker-died',
        'the thread with the machine ended before its engine had booted',
      )
    })
    await Promise.race([this.#booted, ended])
  }

  /**
   * Gives the tour.
   * @param onStep called with each step, as it is done
   * @throws {TourError} tour/worker-died
   * @throws whatever the host fails with
   */
  play(code: TourCode, onStep: (step: Step) => void): Promise<void> {
    this.#onStep = onStep
    this.#thread.postMessage(code)
    return this.#ended
  }

  /** Ends the thread, whatever it does. */
  async stop(): Promise<void> {
    await this.#thread.terminate()
  }
}
