import { openBundleCache } from '@troupe/bundles'
import { loadNodeCrypto } from '@troupe/crypto-node'
import { wasmRuntime } from '@troupe/runtime-wasm'
import type { CacheDirectories } from '../cache-directories.ts'
import { FileTransformCache } from '../transform-cache.ts'
import type { VectorEnvironment } from './run-vector.ts'

/** What vectors are run with on this machine. Code is read, and made ready to run, once for each environment. */
export async function createVectorEnvironment(caches: CacheDirectories): Promise<VectorEnvironment> {
  const crypto = await loadNodeCrypto()
  const cache = { store: new FileTransformCache(caches.code), crypto }
  return {
    crypto,
    code: openBundleCache(caches.bundles, crypto).blockstore(),
    runtimes: [wasmRuntime({ cache })],
  }
}
