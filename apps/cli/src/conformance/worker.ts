/** @module A thread that runs vectors: started with a {@link WorkerSetup}, it answers each {@link VectorTask} it is sent. */
import { parentPort, workerData } from 'node:worker_threads'
import { createVectorEnvironment } from './environment.ts'
import { performTask } from './perform-task.ts'
import type { VectorTask, WorkerSetup } from './task.ts'

if (parentPort === null) throw new TypeError('this module is for worker threads')
const port = parentPort
const environment = createVectorEnvironment((workerData as WorkerSetup).caches)
port.on('message', async (task: VectorTask) => {
  port.postMessage(performTask(task, await environment))
})
