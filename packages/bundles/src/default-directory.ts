import { posix, win32 } from 'node:path'

/**
 * Where bundles are cached when nobody says otherwise: `bundles` below `$TROUPE_HOME` where that is set, else below the cache directory
 * that the platform gives to programs. Nothing is read here; the caller hands its environment in.
 *
 * @param platform as in `process.platform`
 * @param home the user's home directory
 */
export function defaultCacheDirectory(
  env: Readonly<Record<string, string | undefined>>,
  platform: string,
  home: string,
): string {
  const path = platform === 'win32' ? win32 : posix
  return path.join(env['TROUPE_HOME'] || path.join(userCache(env, platform, home), 'troupe'), 'bundles')
}

function userCache(
  env: Readonly<Record<string, string | undefined>>,
  platform: string,
  home: string,
): string {
  if (platform === 'darwin') return posix.join(home, 'Library', 'Caches')
  if (platform === 'win32') return env['LOCALAPPDATA'] || win32.join(home, 'AppData', 'Local')
  // The XDG base directory specification has relative paths ignored.
  const xdg = env['XDG_CACHE_HOME']
  return xdg && posix.isAbsolute(xdg) ? xdg : posix.join(home, '.cache')
}
