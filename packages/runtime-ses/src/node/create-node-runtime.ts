import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { defaultCacheDirectory } from '@troupe/bundles/default-directory'
import { type CryptoProvider, loadCrypto } from '@troupe/crypto'
import { parseCid } from '@troupe/ipld'
import { checkPart } from '../engine/parts.ts'
import { readImage } from '../image/image-store.ts'
import { SDK_IMAGE, SDK_SHA256 } from '../image/sdk-image.ts'
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
  const script = block === undefined ? await pinnedSdk(crypto) : ''
  return sesRuntime({
    parts: nodeParts(() => script),
    crypto,
    image: SDK_IMAGE,
    ...(store === undefined ? {} : { store }),
    ...(block === undefined ? {} : { block }),
  })
}

/** @throws {SesError} ses/other-part where the SDK that is installed here is not the one that is pinned */
async function pinnedSdk(crypto: CryptoProvider): Promise<string> {
  const script = await bundleSdk()
  checkPart(crypto, '@troupe/sdk-js', new TextEncoder().encode(script), SDK_SHA256)
  return script
}

function defaultDirectory(): string {
  return join(dirname(defaultCacheDirectory(process.env, process.platform, homedir())), 'images')
}
