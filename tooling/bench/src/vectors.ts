import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { openBundleCache } from '@troupe/bundles'
import { loadCrypto } from '@troupe/crypto'
import { bundleDirectory } from './official-actor.ts'

/** The releases whose code the official vectors run. */
const RELEASES = ['v9', 'v10']

/** The directory of the official vectors where they can be run, or why they cannot. */
export async function runnableVectors(
  directory: string | undefined,
): Promise<{ readonly directory: string } | { readonly skipped: string }> {
  if (directory === undefined)
    return { skipped: 'the official test vectors are not here: name their directory with --vectors' }
  const bundles = openBundleCache(bundleDirectory(), await loadCrypto()).list()
  const lacking = RELEASES.filter((release) => !bundles.some(({ name }) => name.startsWith(`${release}/`)))
  if (lacking.length === 0) return { directory }
  return { skipped: `no bundle of ${lacking.join(' and ')} is in the cache: add it with troupe bundle add` }
}

/** The first vector, by path, that calls `actor`. */
export function firstVector(directory: string, actor: string): string | undefined {
  const path = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.includes(actor) && name.endsWith('.json'))
    .sort()[0]
  return path && join(directory, path)
}
