/** @module The thread that the machine of the tour lives in: started with a {@link TourSetup}, it posts one {@link Step} after the other, and ends. */
import { parentPort, workerData } from 'node:worker_threads'
import { loadNodeCrypto } from '@troupe/crypto-node'
import { wasmRuntime } from '@troupe/runtime-wasm'
import { playTour, type TourOptions } from './play-tour.ts'

/** What the thread is started with. */
export type TourSetup = Pick<TourOptions, 'code' | 'colours'>

if (parentPort === null) throw new TypeError('this module is for worker threads')
const setup = workerData as TourSetup
const crypto = await loadNodeCrypto()
for (const step of playTour({ ...setup, crypto, runtimes: [wasmRuntime()] })) parentPort.postMessage(step)
