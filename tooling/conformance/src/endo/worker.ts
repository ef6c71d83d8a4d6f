/** @module A thread of the suite: bundles test files of endo, and runs them in the engine. */
import { parentPort, workerData } from 'node:worker_threads'
import { loadNodeCrypto } from '@troupe/crypto-node'
import { Abort, OutOfGas } from '@troupe/hypervisor'
import type { Row } from '../suite.ts'
import { TestEngine } from '../test262/test-engine.ts'
import { bundleTest } from './bundle-test.ts'
import { reasonToSkip } from './exceptions.ts'
import { HOST_GLOBALS } from './host-globals.ts'

/** What the thread is given. */
export interface WorkerInput {
  /** Of a checkout of endo. */
  readonly checkout: string
  /** Paths from its packages. */
  readonly files: readonly string[]
}

/** What the tests' library tells of a test. */
interface Told {
  readonly title: string
  readonly status: 'begun' | 'passed' | 'failed' | 'skipped'
  readonly reason: string
}

const { checkout, files } = workerData as WorkerInput
const engine = new TestEngine(await loadNodeCrypto())

for (const file of files) parentPort?.postMessage(await rowsOf(file))

async function rowsOf(file: string): Promise<Row[]> {
  const row = (title: string, status: Row['status'], reason: string): Row => ({
    ...{ id: title === '' ? file : `${file}: ${title}`, status, gas: 0n, cases: 1 },
    ...(reason === '' ? {} : { reason }),
  })
  const bundle = await bundleTest(checkout, file)
  if ('missing' in bundle) {
    const reason = reasonToSkip(bundle.missing)
    return [
      reason === undefined ? row('', 'failed', `there is no ${bundle.missing}`) : row('', 'skipped', reason),
    ]
  }
  const ended = run(bundle.script)
  const told = engine.printed.map((line) => JSON.parse(line) as Told)
  const rows: Row[] = []
  let passed = 0
  for (const { reason, status, title } of told) {
    if (status === 'passed') passed++
    else if (status !== 'begun')
      rows.push(row(title, status, status === 'skipped' ? 'the test says so' : reason))
  }
  const open =
    told.filter(({ status }) => status === 'begun').length -
    passed -
    rows.filter(({ status }) => status === 'failed').length
  if (open > 0)
    rows.push(
      row(
        told.findLast(({ status }) => status === 'begun')?.title ?? '',
        'failed',
        ended ?? 'it does not end',
      ),
    )
  else if (ended !== undefined) rows.push(row('', 'failed', ended))
  if (passed > 0) rows.unshift({ id: file, status: 'passed', gas: 0n, cases: passed })
  return rows.length > 0 ? rows : [row('', 'failed', 'it has no tests')]
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
