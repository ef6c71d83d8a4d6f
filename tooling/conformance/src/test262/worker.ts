/** @module A thread of the suite: runs every n-th test, and tells what became of it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { loadNodeCrypto } from '@troupe/crypto-node'
import { reasonToSkip } from './exceptions.ts'
import { readTest } from './metadata.ts'
import { Test262Runner } from './run-test.ts'
import { TestEngine } from './test-engine.ts'

/** What the thread is given. */
export interface WorkerInput {
  /** Of a checkout of test262. */
  readonly directory: string
  readonly paths: readonly string[]
}

/** What became of a test. */
export interface TestOutcome {
  readonly id: string
  readonly status: 'passed' | 'failed' | 'skipped'
  readonly reason: string
}

const { directory, paths } = workerData as WorkerInput
const harness = (name: string): string => readFileSync(join(directory, 'harness', name), 'utf8')
const runner = new Test262Runner(new TestEngine(await loadNodeCrypto()), harness)
for (const path of paths) {
  const id = path.replace(/\.js$/, '')
  const test = readTest(id, readFileSync(join(directory, 'test', path), 'utf8'))
  const skip = reasonToSkip(test)
  const failure = skip === undefined ? runner.run(test) : undefined
  const status = skip !== undefined ? 'skipped' : failure === undefined ? 'passed' : 'failed'
  parentPort?.postMessage({ id, status, reason: skip ?? failure ?? '' } satisfies TestOutcome)
}
