/** @module A thread that runs vectors: started with a {@link WorkerSetup}, it answers each {@link VectorTask} it is sent. */
import { parentPort, workerData } from 'node:worker_threads'
import { loadNodeCrypto } from '@troupe/crypto-node'
import { createVectorEnvironment } from './environment.ts'
import { performPrecompileTable } from './evm/perform-precompile-table.ts'
import { performStateTests } from './evm/perform-state-tests.ts'
import { performTask } from './perform-task.ts'
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
  if (name === 'fvm') {
    const environment = await createVectorEnvironment(caches)
    return (task) => performTask(task, environment)
  }
  const crypto = await loadNodeCrypto()
  const perform = name === 'evm' ? performStateTests : performPrecompileTable
  return (task) => perform(task, crypto)
}
