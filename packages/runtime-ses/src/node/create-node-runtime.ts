import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { defaultCacheDirectory } from '@troupe/bundles/default-directory'
import { loadCrypto } from '@troupe/crypto'
import { parseCid } from '@troupe/ipld'
import { readImage } from '../image/image-store.ts'
import { SDK_IMAGE } from '../image/sdk-image.ts'
import type { SesOptions } from '../ses.ts'
import { type SesRuntime, sesRuntime } from '../ses-runtime.ts'
import { bundleSdk } from './bundle-sdk.ts'
import { FileStore } from './file-store.ts'
import { nodeParts } from './node-parts.ts'

/** The runtime with the SDK, its parts in files. */
export async function createNodeRuntime({ cache = defaultDirectory() }: SesOptions): Promise<SesRuntime> {
  const crypto = await loadCrypto()
  const store = cache === false ? undefined : new FileStore(cache)
  const block = store && readImage(store, crypto, parseCid(SDK_IMAGE))
  const script = block === undefined ? await bundleSdk() : ''
  return sesRuntime({
    parts: nodeParts(() => script),
    crypto,
    image: SDK_IMAGE,
    ...(store === undefined ? {} : { store }),
    ...(block === undefined ? {} : { block }),
  })
}

function defaultDirectory(): string {
  return join(dirname(defaultCacheDirectory(process.env, process.platform, homedir())), 'images')
}
