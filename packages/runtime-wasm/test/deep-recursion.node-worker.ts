/** @module A thread of Node that runs an actor calling itself as deep as it goes, and posts what came of it. */
import { parentPort, workerData } from 'node:worker_threads'
import { type RecursionTask, recurse } from './recurse.ts'

parentPort?.postMessage(await recurse(workerData as RecursionTask))
