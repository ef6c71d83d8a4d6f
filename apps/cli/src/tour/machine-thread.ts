/** @module The thread that the chain of the tour lives in: started with a {@link TourSetup}, it posts one {@link Step} after the other, and ends. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { loadNodeCrypto } from '@troupe/crypto-node'
import { wasmRuntime } from '@troupe/runtime-wasm'
import { playTour, type TourOptions } from './play-tour.ts'

/** What the thread is started with. */
export type TourSetup = Pick<TourOptions, 'code' | 'colours'>

if (parentPort === null) throw new TypeError('this module is for worker threads')
const setup = workerData as TourSetup
const crypto = await loadNodeCrypto()
const directory = await mkdtemp(join(tmpdir(), 'troupe-tour-'))
try {
  for await (const step of playTour({ ...setup, crypto, directory, runtimes: [wasmRuntime()] }))
    parentPort.postMessage(step)
} finally {
  await rm(directory, { recursive: true })
}
