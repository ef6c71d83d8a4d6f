import { homedir } from 'node:os'
import { defaultCacheDirectory, openBundleCache } from '@troupe/bundles'
import { loadCrypto } from '@troupe/crypto'
import type { Cid } from '@troupe/ipld'
import { TroupeError } from '../errors.ts'

/** A release of the official actors, to be run in place of those written in TypeScript. */
export interface ActorsBundle {
  /** Its root block, `[1, manifest data]`. */
  readonly root: Cid
  /** What the system actor's state names it by. */
  readonly manifestData: Cid
  /** The code of each actor. */
  readonly codes: readonly Cid[]
  /** Gives any of these blocks. */
  readonly blocks: (cid: Cid) => Uint8Array
}

/** Which of the bundles of a release is meant, where none is named. */
const DEFAULT_VARIANT = 'mainnet'

/**
 * A release that was added to the cache of bundles: `v18`, or `v18/calibrationnet`.
 * @param directory the cache. Default: the user's
 * @throws {TroupeError} bundle/unknown, which says how to add it
 * @throws {BundleError} bundles/corrupt where the cache is damaged
 */
export async function bundle(name: string, directory?: string): Promise<ActorsBundle> {
  const where = directory ?? defaultCacheDirectory(process.env, process.platform, homedir())
  const cache = openBundleCache(where, await loadCrypto())
  const wanted = name.includes('/') ? name : `${name}/${DEFAULT_VARIANT}`
  const found = cache.list().find((cached) => cached.name === wanted)
  if (found === undefined)
    throw new TroupeError(
      'bundle/unknown',
      `there is no bundle ${wanted} in ${where}; add it with: troupe bundle add ${name.split('/')[0]}.tar.zst`,
    )
  const { actors, manifestData, root } = found
  return { root, manifestData, codes: actors.map(({ code }) => code), blocks: (cid) => cache.get(cid) }
}
