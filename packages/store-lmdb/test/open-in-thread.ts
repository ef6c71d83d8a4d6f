/** @module A thread that opens a store, says what came of it, and stays. */
import { parentPort, workerData } from 'node:worker_threads'
import { loadCrypto } from '@troupe/crypto'
import { LmdbStoreError, openLmdbStore } from '@troupe/store-lmdb'

const { directory, readOnly } = workerData as { readonly directory: string; readonly readOnly: boolean }
const crypto = await loadCrypto()
try {
  const store = await openLmdbStore(directory, crypto, { readOnly })
  parentPort?.postMessage({ refs: store.statistics().refs })
} catch (error) {
  if (!(error instanceof LmdbStoreError)) throw error
  parentPort?.postMessage({ code: error.code, pid: error.pid })
}
parentPort?.on('message', () => {})
