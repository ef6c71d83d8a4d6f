import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { loadNodeCrypto } from '@troupe/crypto-node'
import type { Row, RunOptions, SuiteResult } from '../suite.ts'
import { type ContractActors, loadActors } from './networks.ts'
import type { WorkerInput } from './worker.ts'

/** Where the tests are in a checkout of ethereum/solidity. */
const TESTS = 'test/libsolidity/semanticTests'
/** Names a checkout, for runs of all suites. */
const CHECKOUT_VARIABLE = 'TROUPE_SOLIDITY'
/** For calls as deep as contracts go. */
const STACK_MIB = 256

/** Runs Solidity's semantic tests on contracts of Filecoin's EVM. */
export async function runSolidity(
  actors: ContractActors,
  { vectors, jobs, onProgress }: RunOptions,
): Promise<SuiteResult> {
  const checkout = vectors ?? process.env[CHECKOUT_VARIABLE]
  const directory = checkout === undefined ? undefined : join(checkout, TESTS)
  if (directory === undefined || !existsSync(directory))
    return {
      skipped: `it needs a checkout of ethereum/solidity, named with --vectors or ${CHECKOUT_VARIABLE}`,
    }
  try {
    await loadActors(actors, await loadNodeCrypto())
  } catch (error) {
    return { skipped: (error as Error).message }
  }
  const paths: string[] = []
  // Folders whose name begins so hold sources that tests import.
  for await (const path of glob('**/*.sol', { cwd: directory }))
    if (!path.split('/').some((part) => part.startsWith('_'))) paths.push(path)
  paths.sort()
  const rows: Row[][] = []
  const tell = (found: readonly Row[]): void => {
    rows.push([...found])
    onProgress(rows.length, paths.length)
  }
  const slices = Array.from({ length: jobs }, (_, job) => paths.filter((_, index) => index % jobs === job))
  await Promise.all(slices.map((slice) => runSlice({ actors, directory, paths: slice }, tell)))
  return { rows: rows.flat().sort((a, b) => (a.id < b.id ? -1 : 1)) }
}

async function runSlice(workerData: WorkerInput, tell: (rows: readonly Row[]) => void): Promise<void> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData,
    resourceLimits: { stackSizeMb: STACK_MIB },
  })
  worker.on('message', tell)
  const [code] = await once(worker, 'exit')
  if (code !== 0) throw new Error(`a thread of the suite ended with code ${code}`)
}
