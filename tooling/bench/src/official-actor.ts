import { homedir } from 'node:os'
import { defaultCacheDirectory, openBundleCache } from '@troupe/bundles'
import type { CryptoProvider } from '@troupe/crypto'
import { parseCid } from '@troupe/ipld'

/** Manifest data of the mainnet bundle of v10. */
const MANIFEST_DATA = parseCid('bafy2bzacea5a4r4pgc5pjcy2kx7mcbjcmc72chs7qqyl5o4jirxiplnqdmpo2')
/** Of all official actors the largest. */
const LARGEST = 'storageminer'

/** The user's directory of bundles. */
export function bundleDirectory(): string {
  return defaultCacheDirectory(process.env, process.platform, homedir())
}

/** The code of the largest official actor, storageminer v10 of mainnet; `undefined` where the user's cache does not have it. */
export function largestActor(crypto: CryptoProvider): Uint8Array<ArrayBuffer> | undefined {
  const cache = openBundleCache(bundleDirectory(), crypto)
  const actor = cache.find(MANIFEST_DATA)?.actors.find(({ name }) => name === LARGEST)
  return actor && new Uint8Array(cache.get(actor.code))
}

/** Why there is no code of the largest official actor, where there is none. */
export const NO_OFFICIAL_ACTOR = 'storageminer v10 is not in the cache: add v10 with troupe bundle add'
