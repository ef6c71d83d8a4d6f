/** @module Runs one target in a thread of its own, so that it can be ended, and its memory has a bound. */
import { parentPort, workerData } from 'node:worker_threads'
import { type Finding, runTarget } from './run-target.ts'
import { TARGETS } from './targets.ts'

/** What the thread is told. */
export interface Task {
  readonly name: string
  readonly seed: number
  readonly cases: number
  /** Threads that do the same at the same time. */
  readonly jobs: number
  /** One 32-bit counter: cases begun, those of shrinking included. */
  readonly progress: SharedArrayBuffer
}

/** What it answers, once. */
export type Answer = { readonly skipped: string } | { readonly finding: Finding | undefined }

const { name, seed, cases, jobs, progress } = workerData as Task
const counter = new Int32Array(progress)
const target = TARGETS.find((one) => one.name === name)
if (target === undefined) throw new RangeError(`there is no target ${name}`)
const open = await target.open()
const answer: Answer =
  'skipped' in open
    ? open
    : { finding: await runTarget(open, { seed, cases, jobs, onCase: () => void Atomics.add(counter, 0, 1) }) }
parentPort?.postMessage(answer)
