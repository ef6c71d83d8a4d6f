import { homedir } from 'node:os'
import { defaultCacheDirectory, openBundleCache } from '@troupe/bundles'
import { loadCrypto } from '@troupe/crypto'
import { parseCid } from '@troupe/ipld'

/** Manifest data of the mainnet bundles of the releases v9 to v18. */
const MANIFESTS = {
  v9: 'bafy2bzacebhoemuuebamhlw7mbr7ehljkymyaf75ywlw4irms4xv3oosskpyk',
  v10: 'bafy2bzacea5a4r4pgc5pjcy2kx7mcbjcmc72chs7qqyl5o4jirxiplnqdmpo2',
  v11: 'bafy2bzacecjwjjpt7z4u2bvkwabsjgllvhvccr6trupvyl2t5ozfc2ie3m3d6',
  v12: 'bafy2bzaceagtyc6ilyswzbnrqesundxukptrnohuesaz6vo4gnlz6n2kojjgk',
  v13: 'bafy2bzacebbitl3dzqy3s76tp5rt3nan7kxgtw5fpque3bc7joufeesxhvbkg',
  v14: 'bafy2bzacebs7r6j33n7xccgn6ewkowhxnndltz43wv256igyubqwc5x5rkqn6',
  v15: 'bafy2bzaceakdqsy5u3lptqnqag44sgrgazi6l2u6ukdxopcpdprtsnet5mobk',
  v16: 'bafy2bzaceavbltrvpskmmc4lmy3ur7ymigxqtnesdx3lld576puv63uolufks',
  v17: 'bafy2bzaceasz5pov3d4tyxxdcxj2qvvdnkdxihzycj5oos5t2xj5pznwvxvem',
  v18: 'bafy2bzacea275suujjuaddglc2kbbgracldjbbs5cjys6zsivcswubv5x7es4',
} as const

/** A release of the official actors. */
export type Release = keyof typeof MANIFESTS

/** All of them. */
export const RELEASES: readonly Release[] = Object.keys(MANIFESTS) as Release[]

/** Why tests over official modules are skipped, where they are. */
export const SKIP_REASON = 'the bundle cache lacks a release: add v9 to v18 with `troupe bundle add`'

/** The code of a release's mainnet actors by name, from the user's cache; `undefined` where it is not there. */
export async function officialModules(
  release: Release,
): Promise<ReadonlyMap<string, Uint8Array> | undefined> {
  const { env, platform } = process
  const cache = openBundleCache(defaultCacheDirectory(env, platform, homedir()), await loadCrypto())
  const bundle = cache.find(parseCid(MANIFESTS[release]))
  return bundle && new Map(bundle.actors.map(({ name, code }) => [name, cache.get(code)]))
}
