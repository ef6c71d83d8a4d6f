import { homedir } from 'node:os'
import { defaultCacheDirectory, openBundleCache } from '@troupe/bundles'
import type { CryptoProvider } from '@troupe/crypto'
import type { Runtime } from '@troupe/hypervisor'
import { type Cid, parseCid } from '@troupe/ipld'
import { wasmRuntime } from '@troupe/runtime-wasm'

/** Manifest data of the mainnet bundle of v18. */
const MANIFEST_DATA = parseCid('bafy2bzacea275suujjuaddglc2kbbgracldjbbs5cjys6zsivcswubv5x7es4')

/** Why there is nothing to compare with, where there is not. */
export const NO_OFFICIAL_ACTORS = 'v18 is not in the cache of bundles: add it with `troupe bundle add`'

/** The official actors of v18. */
export interface OfficialActors {
  /** Code CIDs by name, in the order of the manifest. */
  readonly codes: ReadonlyMap<string, Cid>
  readonly blocks: readonly (readonly [Cid, Uint8Array])[]
  /** Runs them; keeps what it compiles. */
  readonly runtime: Runtime
}

/** The official actors of v18, from the user's cache; `undefined` where they are not there. */
export function officialActors(crypto: CryptoProvider): OfficialActors | undefined {
  const cache = openBundleCache(defaultCacheDirectory(process.env, process.platform, homedir()), crypto)
  const bundle = cache.find(MANIFEST_DATA)
  if (bundle === undefined) return undefined
  return {
    codes: new Map(bundle.actors.map(({ name, code }) => [name, code])),
    blocks: bundle.actors.map(({ code }) => [code, cache.get(code)]),
    runtime: wasmRuntime(),
  }
}
