/** @module A thread that runs vectors: started with a {@link WorkerSetup}, it answers each {@link VectorTask} it is sent. */
import { parentPort, workerData } from 'node:worker_threads'
import { loadNodeCrypto } from '@troupe/crypto-node'
import { createVectorEnvironment } from './environment.ts'
import { performStateTests } from './evm/perform-state-tests.ts'
import { performTask } from './perform-task.ts'
import type { VectorAnswer, VectorTask, WorkerSetup } from './task.ts'

if (parentPort === null) throw new TypeError('this module is for worker threads')
const port = parentPort
const { suite, caches } = workerData as WorkerSetup
const performer = suite === 'evm' ? performEvm() : performFvm()
port.on('message', async (task: VectorTask) => {
  port.postMessage((await performer)(task))
})

async function performFvm(): Promise<(task: VectorTask) => VectorAnswer> {
  const environment = await createVectorEnvironment(caches)
  return (task) => performTask(task, environment)
}

async function performEvm(): Promise<(task: VectorTask) => VectorAnswer> {
  const crypto = await loadNodeCrypto()
  return (task) => performStateTests(task, crypto)
}
