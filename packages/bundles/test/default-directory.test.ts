import { defaultCacheDirectory } from '@troupe/bundles'
import { describe, expect, it } from 'vitest'

describe('the default directory of the cache', () => {
  it.each([
    ['linux', {}, '/u/a', '/u/a/.cache/troupe/bundles'],
    ['linux', { XDG_CACHE_HOME: '/c' }, '/u/a', '/c/troupe/bundles'],
    ['linux', { XDG_CACHE_HOME: 'relative' }, '/u/a', '/u/a/.cache/troupe/bundles'],
    ['linux', { XDG_CACHE_HOME: '' }, '/u/a', '/u/a/.cache/troupe/bundles'],
    ['linux', { TROUPE_HOME: '/t', XDG_CACHE_HOME: '/c' }, '/u/a', '/t/bundles'],
    ['linux', { TROUPE_HOME: '' }, '/u/a', '/u/a/.cache/troupe/bundles'],
    ['darwin', { XDG_CACHE_HOME: '/c' }, '/Users/a', '/Users/a/Library/Caches/troupe/bundles'],
    ['darwin', { TROUPE_HOME: '/t' }, '/Users/a', '/t/bundles'],
    ['win32', { LOCALAPPDATA: 'D:\\Local' }, 'C:\\Users\\a', 'D:\\Local\\troupe\\bundles'],
    ['win32', {}, 'C:\\Users\\a', 'C:\\Users\\a\\AppData\\Local\\troupe\\bundles'],
    ['win32', { TROUPE_HOME: 'D:\\t' }, 'C:\\Users\\a', 'D:\\t\\bundles'],
  ])('on %s with %o is below %s as %s', (platform, env, home, expected) => {
    expect(defaultCacheDirectory(env, platform, home)).toBe(expected)
  })
})
