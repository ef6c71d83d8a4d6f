import { openBundleCache } from '@troupe/bundles'
import { loadNodeCrypto } from '@troupe/crypto-node'
import { type Blockstore, cidKey } from '@troupe/ipld'
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
    code: remembering(openBundleCache(caches.bundles, crypto).blockstore()),
    runtimes: [wasmRuntime({ cache })],
  }
}

/** Asks a store of files only once for what it has: every vector wants to know of all its code. */
function remembering(store: Blockstore): Blockstore {
  const present = new Set<string>()
  return {
    get: (cid) => store.get(cid),
    put: (cid, bytes) => store.put(cid, bytes),
    has(cid) {
      const key = cidKey(cid)
      if (!present.has(key) && store.has(cid)) present.add(key)
      return present.has(key)
    },
  }
}
