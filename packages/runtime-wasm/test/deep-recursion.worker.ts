/** @module A worker that runs an actor calling itself as deep as it goes, and posts what came of it. */
import { parentPort, workerData } from 'node:worker_threads'
import { rulesOf } from '@troupe/hypervisor'
import { wasmNetwork } from './wasm-network.ts'

const { bytes, networkVersion } = workerData as { bytes: Uint8Array<ArrayBuffer>; networkVersion: number }
const { send } = await wasmNetwork(rulesOf(networkVersion), [bytes])
try {
  const { receipt } = send(10_000_000_000_000n)
  parentPort?.postMessage({ exitCode: receipt.exitCode })
} catch (error) {
  parentPort?.postMessage({ code: (error as { code?: string }).code })
}
