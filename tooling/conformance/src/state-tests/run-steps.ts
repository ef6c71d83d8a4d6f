import type { RunOptions, SuiteResult } from '../suite.ts'
import { runInThreads } from './run-in-threads.ts'

/** Compares the sampled cases of the state tests step for step with ethereumjs: those of a checkout, or of the vectors where none is named. */
export function runSteps(options: RunOptions): Promise<SuiteResult> {
  return runInThreads(new URL('./steps-worker.ts', import.meta.url), options)
}
