import { dirname, join } from 'node:path'
import { defaultCacheDirectory } from '@troupe/bundles/default-directory'
import type { CommandContext } from './command.ts'

/** Where troupe keeps what it can get again. */
export interface CacheDirectories {
  /** Bundles of official actors. */
  readonly bundles: string
  /** Code of actors, made ready to run. */
  readonly code: string
  /** Engines of hardened JavaScript as they are when they have booted. */
  readonly images: string
  /** The command's own scripts, as Node keeps them compiled for threads. */
  readonly scripts: string
}

/** The directories for this user: below `TROUPE_HOME`, or where the platform has caches. */
export function cacheDirectories({
  env,
  platform,
  home,
}: Pick<CommandContext, 'env' | 'platform' | 'home'>): CacheDirectories {
  const bundles = defaultCacheDirectory(env, platform, home)
  const parent = dirname(bundles)
  const below = (name: string): string => join(parent, name)
  return { bundles, code: below('code'), images: below('images'), scripts: below('scripts') }
}
