import { homedir } from 'node:os'
import { defaultCacheDirectory, openBundleCache } from '@troupe/bundles'
import { cidOf, parseCid, RAW } from '@troupe/ipld'
import { describe, expect, it } from 'vitest'
import { crypto } from './synthetic.ts'

/** The manifests of the releases that mainnet ran from network version 17, 18 and 19 on. */
const MAINNET = {
  v9: 'bafy2bzacebhoemuuebamhlw7mbr7ehljkymyaf75ywlw4irms4xv3oosskpyk',
  v10: 'bafy2bzacea5a4r4pgc5pjcy2kx7mcbjcmc72chs7qqyl5o4jirxiplnqdmpo2',
  v11: 'bafy2bzacecjwjjpt7z4u2bvkwabsjgllvhvccr6trupvyl2t5ozfc2ie3m3d6',
}
const ACTORS =
  'system init cron account storagepower storageminer storagemarket paymentchannel multisig reward verifiedregistry datacap placeholder evm eam ethaccount'.split(
    ' ',
  )

const cache = openBundleCache(defaultCacheDirectory(process.env, process.platform, homedir()), crypto)

describe.each(Object.entries(MAINNET))('the mainnet bundle of release %s', (release, manifestData) => {
  it('has the actors of the protocol, with their code', ({ skip }) => {
    const known = cache.find(parseCid(manifestData))
    if (!known) return skip(`the bundle cache lacks release ${release}: add it with \`troupe bundle add\``)
    expect(known.actors.map(({ name }) => name)).toEqual(ACTORS.slice(0, release === 'v9' ? 12 : 16))
    for (const { code, bytes } of known.actors) {
      const wasm = cache.get(code)
      expect(wasm.length).toBe(bytes)
      expect(cidOf(crypto, RAW, wasm).toString()).toBe(code.toString())
      expect([...wasm.subarray(0, 4)]).toEqual([0x00, 0x61, 0x73, 0x6d])
    }
  })
})
