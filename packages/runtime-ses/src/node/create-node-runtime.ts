import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { defaultCacheDirectory } from '@troupe/bundles/default-directory'
import { type CryptoProvider, loadCrypto } from '@troupe/crypto'
import { parseCid } from '@troupe/ipld'
import { checkPart, digestOf } from '../engine/parts.ts'
import { readImage } from '../image/image-store.ts'
import { SDK_IMAGE, SDK_SHA256 } from '../image/sdk-image.ts'
import type { SesOptions } from '../ses.ts'
import { type SesRuntime, sesRuntime } from '../ses-runtime.ts'
import { type CodeFile, V8Runtime } from '../v8/v8-runtime.ts'
import { bundleSdk, isSdkSource } from './bundle-sdk.ts'
import { FileStore } from './file-store.ts'
import { nodeParts } from './node-parts.ts'

const DEFAULT_TIMEOUT_MS = 10_000

/**
 * The runtime with the SDK, its parts in files.
 * @throws {SesError} ses/other-part where the release's image is wanted, and the SDK here is another
 */
export async function createNodeRuntime({
  cache = defaultDirectory(),
  image = isSdkSource() ? undefined : SDK_IMAGE,
}: SesOptions): Promise<SesRuntime> {
  const crypto = await loadNativeHash()
  const store = cache === false ? undefined : new FileStore(cache)
  const block = image === undefined ? undefined : store && readImage(store, crypto, parseCid(image))
  const script = block === undefined ? await sdkFor(image, crypto) : ''
  return sesRuntime({
    parts: nodeParts(() => script),
    crypto,
    ...(store === undefined ? {} : { store }),
    ...pinOf(image, script, crypto),
    ...(block === undefined ? {} : { block }),
  })
}

/** The portable cryptography, but for the hash of the engine: Node has it at hand, and the portable one takes a sixth of a boot. */
async function loadNativeHash(): Promise<CryptoProvider> {
  const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest()
  return { ...(await loadCrypto()), sha256 }
}

/** The runtime with the SDK in V8, for development. @throws where one of the files cannot be read */
export async function createV8Runtime({
  files = [],
  timeoutMs = DEFAULT_TIMEOUT_MS,
}: SesOptions): Promise<V8Runtime> {
  const script = await bundleSdk()
  return new V8Runtime({
    ...{ parts: nodeParts(() => script), crypto: await loadCrypto(), timeoutMs },
    files: new Map(files.map((file) => [readFileSync(file, 'utf8'), fileOf(resolve(file))])),
  })
}

function fileOf(path: string): CodeFile {
  const map = `${path}.map`
  return { url: pathToFileURL(path).href, map: existsSync(map) ? pathToFileURL(map).href : undefined }
}

/** @throws {SesError} ses/other-part where the release's image is wanted, and the SDK here is another */
async function sdkFor(image: string | undefined, crypto: CryptoProvider): Promise<string> {
  const script = await bundleSdk()
  if (image === SDK_IMAGE) checkPart(crypto, '@troupe/sdk-js', new TextEncoder().encode(script), SDK_SHA256)
  return script
}

/** The image that has to come out: also where nobody asks for one, but the SDK is the release's. */
function pinOf(image: string | undefined, script: string, crypto: CryptoProvider): { image?: string } {
  if (image !== undefined) return { image }
  return digestOf(crypto, new TextEncoder().encode(script)) === SDK_SHA256 ? { image: SDK_IMAGE } : {}
}

function defaultDirectory(): string {
  return join(dirname(defaultCacheDirectory(process.env, process.platform, homedir())), 'images')
}
