import { homedir } from 'node:os'
import { openBundleCache } from '@troupe/bundles'
import { cacheDirectories } from '@troupe/cli/src/cache-directories.ts'
import type { CryptoProvider } from '@troupe/crypto'

/** The code of the smallest official actors in this user's cache of bundles; none where there are none. */
export function smallestOfficialModules(crypto: CryptoProvider, count: number): Uint8Array[] {
  const { env, platform } = process
  const cache = openBundleCache(cacheDirectories({ env, platform, home: homedir() }).bundles, crypto)
  const codes = new Map(
    cache.list().flatMap(({ actors }) => actors.map(({ code }) => [code.toString(), code])),
  )
  return [...codes.values()]
    .map((code) => cache.get(code))
    .sort((a, b) => a.length - b.length)
    .slice(0, count)
}
