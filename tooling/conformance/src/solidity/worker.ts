/** @module A thread of the suite: runs every n-th file, and tells its rows. */
import { parentPort, workerData } from 'node:worker_threads'
import { loadNodeCrypto } from '@troupe/crypto-node'
import { ContractNetwork } from './contract-network.ts'
import { type ContractActors, loadActors } from './networks.ts'
import { runFile } from './run-file.ts'

/** What the thread is given. */
export interface WorkerInput {
  readonly actors: ContractActors
  readonly directory: string
  readonly paths: readonly string[]
}

const { actors, directory, paths } = workerData as WorkerInput
const crypto = await loadNodeCrypto()
const network = new ContractNetwork({ crypto, ...(await loadActors(actors, crypto)) })
for (const path of paths) parentPort?.postMessage(await runFile({ directory, path }, network, crypto))
