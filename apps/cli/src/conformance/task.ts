/** @module What the main thread and the threads that run vectors say to each other. All of it can be cloned. */
import type { CacheDirectories } from '../cache-directories.ts'
import type { ErrorReport } from '../describe-error.ts'
import type { OpenedVector } from './open-vector.ts'
import type { ReplayOptions, ReplayReport } from './replay-variant.ts'
import type { VectorSuite } from './vector-suite.ts'

/** What a thread is started with. */
export interface WorkerSetup {
  /** Which suite the vectors are of; `fvm` where nothing is said. */
  readonly suite?: VectorSuite['name']
  readonly caches: CacheDirectories
}

/** One vector to run. */
export interface VectorTask {
  readonly file: string
  /** What the file is called in reports: its path below the suite's directory. */
  readonly name: string
  /** What is in the file, where somebody has opened it already. */
  readonly opened?: OpenedVector
  /** Asks for a full report of each variant. */
  readonly replay?: ReplayOptions
}

/** What became of one variant of a vector, or of a vector that could not be run. */
export interface VectorOutcome {
  /** The vector's own id, with the variant's where it has several; its name where it could not be parsed. */
  readonly id: string
  readonly status: 'passed' | 'failed' | 'skipped'
  /** Why it was skipped, or how it failed. */
  readonly reason?: string
  /** The error that kept it from being run, where one did. */
  readonly error?: ErrorReport
  /** Gas used by its messages. */
  readonly gas: bigint
  readonly milliseconds: number
  readonly replay?: ReplayReport
}

/** A thread's answer to a task: one outcome for each variant. */
export type VectorAnswer = readonly VectorOutcome[]
