/** @module A thread that runs vectors: started with a {@link WorkerSetup}, it answers each {@link VectorTask} it is sent. */
import { parentPort, workerData } from 'node:worker_threads'
import { loadNodeCrypto } from '@troupe/crypto-node'
import type { VectorAnswer, VectorTask, WorkerSetup } from './task.ts'

if (parentPort === null) throw new TypeError('this module is for worker threads')
const port = parentPort
const { suite, caches } = workerData as WorkerSetup
const performer = performerOf(suite ?? 'fvm')
port.on('message', async (task: VectorTask) => {
  port.postMessage((await performer)(task))
})

async function performerOf(
  name: NonNullable<WorkerSetup['suite']>,
): Promise<(task: VectorTask) => VectorAnswer> {
  // Only what the suite is performed with: a thread for one vector would load as much again for Ethereum's.
  if (name === 'fvm') {
    const { createVectorEnvironment } = await import('./environment.ts')
    const { performTask } = await import('./perform-task.ts')
    const environment = await createVectorEnvironment(caches)
    return (task) => performTask(task, environment)
  }
  const crypto = await loadNodeCrypto()
  if (name === 'evm') {
    const { performStateTests } = await import('./evm/perform-state-tests.ts')
    return (task) => performStateTests(task, crypto)
  }
  const { performPrecompileTable } = await import('./evm/perform-precompile-table.ts')
  return (task) => performPrecompileTable(task, crypto)
}
