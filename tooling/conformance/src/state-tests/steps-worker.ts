/** @module A thread of the suite: compares the sampled cases of every n-th file, and tells their rows, file by file. */
import { readFile } from 'node:fs/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { hasRules } from '@troupe/cli/src/conformance/evm/run-state-case.ts'
import {
  parseStateTests,
  type StateCase,
  type StateTest,
} from '@troupe/cli/src/conformance/evm/state-test.ts'
import { loadNodeCrypto } from '@troupe/crypto-node'
import type { Row } from '../suite.ts'
import { compareSteps } from './compare-steps.ts'
import type { ThreadInput } from './run-in-threads.ts'
import { isSampled, STEP_EXCEPTIONS } from './sample.ts'

/** How much is said of a failure. */
const MAX_REASON_LENGTH = 2000

const { tasks } = workerData as ThreadInput
const crypto = await loadNodeCrypto()
for (const { file, name } of tasks) {
  const rows: Row[] = []
  for (const test of parseStateTests(await readFile(file, 'utf8')))
    for (const stateCase of test.cases) {
      const id = `${name}#${stateCase.id}`
      if (hasRules(stateCase.fork) && isSampled(id)) rows.push(await rowOf(id, test, stateCase))
    }
  parentPort?.postMessage(rows)
}

async function rowOf(id: string, test: StateTest, stateCase: StateCase): Promise<Row> {
  const { steps, failure } = await compare(test, stateCase)
  const gas = BigInt(steps)
  const exception = STEP_EXCEPTIONS[id]
  if (exception !== undefined)
    return failure === undefined
      ? { id, status: 'failed', reason: `it passes, though it is an exception: ${exception}`, gas }
      : { id, status: 'skipped', reason: exception, gas }
  if (failure === undefined) return { id, status: 'passed', gas }
  return { id, status: 'failed', reason: failure.slice(0, MAX_REASON_LENGTH), gas }
}

async function compare(
  test: StateTest,
  stateCase: StateCase,
): Promise<{ readonly steps: number; readonly failure: string | undefined }> {
  try {
    const { steps, differences } = await compareSteps(test, stateCase, crypto)
    return { steps, failure: differences.length === 0 ? undefined : differences.join('; ') }
  } catch (error) {
    // Whatever keeps a case from being run is said of it: the others are run all the same.
    if (!(error instanceof Error)) throw error
    return { steps: 0, failure: error.message }
  }
}
