/** @module A thread of the suite: bundles test files of endo, and runs them in the engine. */
import { parentPort, workerData } from 'node:worker_threads'
import { loadNodeCrypto } from '@troupe/crypto-node'
import { Abort, OutOfGas } from '@troupe/hypervisor'
import type { Told } from '../ava/ava.ts'
import { rowOf, rowsOfFile } from '../ava/file-rows.ts'
import type { WorkerInput } from '../ava/run-files.ts'
import type { Row } from '../suite.ts'
import { TestEngine } from '../test262/test-engine.ts'
import { bundleEndoTest } from './endo-test.ts'
import { reasonToSkip } from './exceptions.ts'
import { HOST_GLOBALS } from './host-globals.ts'

const { checkout, files } = workerData as WorkerInput
const engine = new TestEngine(await loadNodeCrypto())

for (const file of files) parentPort?.postMessage(await rowsOf(file))

async function rowsOf(file: string): Promise<Row[]> {
  const bundle = await bundleEndoTest(checkout, file)
  if ('missing' in bundle) {
    const reason = reasonToSkip(bundle.missing)
    return [
      reason === undefined
        ? rowOf(file, '', 'failed', `there is no ${bundle.missing}`)
        : rowOf(file, '', 'skipped', reason),
    ]
  }
  const ended = run(bundle.script)
  return rowsOfFile(
    file,
    engine.printed.map((line) => JSON.parse(line) as Told),
    ended,
  )
}

/** Runs a bundle. Gives what ended it, where that is not its own end. */
function run(script: string): string | undefined {
  try {
    engine.reset()
    // Modules are strict.
    for (const source of [HOST_GLOBALS, `"use strict";\n${script}`, 'runTests()']) {
      const thrown = engine.evaluate(source)
      if (thrown !== undefined) return thrown.text
    }
    return undefined
  } catch (error) {
    if (error instanceof OutOfGas) return 'out of gas'
    if (error instanceof Abort) return error.message
    throw error
  }
}
