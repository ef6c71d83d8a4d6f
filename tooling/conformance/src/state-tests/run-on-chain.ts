import type { RunOptions, SuiteResult } from '../suite.ts'
import { byFile } from '../vectors.ts'
import { runInThreads } from './run-in-threads.ts'

/** Runs the state tests for Cancun as transactions on a chain with Ethereum's gas: those of a checkout, or of the vectors where none is named. */
export async function runOnChain(options: RunOptions): Promise<SuiteResult> {
  return byFile(await runInThreads(new URL('./chain-worker.ts', import.meta.url), options))
}
