/** @module A process of Node that runs an actor calling itself as deep as it goes, and sends back what came of it. */
import { type RecursionTask, recurse } from './recurse.ts'

process.once('message', async (task: RecursionTask) => {
  process.send?.(await recurse(task))
  process.disconnect?.()
})
