/** @module The thread that the chain of the tour lives in: started with a {@link TourSetup}, it boots an engine, and says so; given code, it posts one {@link Step} after the other, and ends. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { loadNodeCrypto } from '@troupe/crypto-node'
import { evmRuntime } from '@troupe/runtime-evm'
import { createNodeRuntime } from '@troupe/runtime-ses/node'
import { wasmRuntime } from '@troupe/runtime-wasm'
import type { TourCode } from './actors.ts'
import { NETWORK } from './open-chain.ts'
import { playTour } from './play-tour.ts'
import type { TourOptions } from './stage.ts'
import type { Step } from './step.ts'

/** What the thread is started with. */
export interface TourSetup extends Pick<TourOptions, 'colours' | 'columns'> {
  /** Where booted engines are kept. */
  readonly images: string
}

/** What the thread says: that its engine has booted, and each step. */
export type ThreadMessage = 'booted' | Step

if (parentPort === null) throw new TypeError('this module is for worker threads')
const port = parentPort
const { images, ...setup } = workerData as TourSetup
// Listened to at once: the code may come while the engine boots.
const given = new Promise<TourCode>((resolve) => port.once('message', resolve))
const post = (message: ThreadMessage): void => port.postMessage(message)

const crypto = await loadNodeCrypto()
const javascript = await createNodeRuntime({ cache: images })
javascript.imageCid(NETWORK.rules)
post('booted')

const code = await given
const runtimes = [evmRuntime(), wasmRuntime(), javascript]
const directory = await mkdtemp(join(tmpdir(), 'troupe-tour-'))
try {
  for await (const step of playTour({ ...setup, code, crypto, directory, runtimes })) post(step)
} finally {
  await rm(directory, { recursive: true })
}
