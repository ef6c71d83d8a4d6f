import { copyFileSync, existsSync, globSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'
import { defaultCacheDirectory, openBundleCache } from '@troupe/bundles'
import { loadCrypto } from '@troupe/crypto'
import { parseCid } from '@troupe/ipld'

/** Manifest data of the main network, of builtin-actors v9 and v10. */
const MANIFESTS = [
  'bafy2bzacebhoemuuebamhlw7mbr7ehljkymyaf75ywlw4irms4xv3oosskpyk',
  'bafy2bzacea5a4r4pgc5pjcy2kx7mcbjcmc72chs7qqyl5o4jirxiplnqdmpo2',
]

/** Why there is no sample. */
export interface Missing {
  readonly missing: string
}

/**
 * Copies some of the official vectors into a new folder, and gives their number.
 *
 * @param root the repository: vectors are looked for in `fvm` below `TROUPE_VECTORS`, or in `shared/vectors` beside it
 */
export async function sampleVectors(root: string, folder: string, count: number): Promise<number | Missing> {
  const directory = join(process.env['TROUPE_VECTORS'] || join(root, '../shared/vectors'), 'fvm')
  const files = existsSync(directory) ? globSync('**/*.json', { cwd: directory }).sort() : []
  if (files.length === 0) return { missing: 'the official vectors are not here: set TROUPE_VECTORS' }
  const cache = openBundleCache(
    defaultCacheDirectory(process.env, process.platform, homedir()),
    await loadCrypto(),
  )
  if (!MANIFESTS.every((manifest) => cache.find(parseCid(manifest)) !== undefined))
    return {
      missing: 'the code of the actors is not in the cache: troupe bundle add v9.tar.zst v10.tar.zst',
    }
  mkdirSync(folder)
  const sample = spread(files, count)
  for (const file of sample) copyFileSync(join(directory, file), join(folder, basename(file)))
  return sample.length
}

/** `count` of the items, or all where there are fewer, at even distances. */
export function spread<T>(items: readonly T[], count: number): T[] {
  const taken = Math.min(count, items.length)
  return Array.from({ length: taken }, (_, i) => items[Math.floor((i * items.length) / taken)] as T)
}
