import { type CryptoProvider, loadCrypto } from '@troupe/crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { pattern } from '../../crypto/test/bytes.ts'
import { assembleNodeCrypto, attempt, type NodeParts } from '../src/load-node-crypto.ts'
import { bySize, findOpensslHash } from '../src/openssl-hash.ts'

const NOTHING: NodeParts = {
  openssl: 'OpenSSL 1.2.3',
  sha256: undefined,
  keccak256: undefined,
  secp256k1: { missing: 'ERR_DLOPEN_FAILED' },
  bls: { missing: 'Error: no Wasm' },
}

let portable: CryptoProvider
beforeAll(async () => {
  portable = await loadCrypto()
})

describe('a Node that has nothing to offer', () => {
  it('gets the portable implementation of every primitive', () => {
    const { name, implementations, ...methods } = assembleNodeCrypto(portable, NOTHING)
    expect(name).toBe('node')
    for (const [method, implementation] of Object.entries(methods)) {
      expect(implementation).toBe(portable[method as keyof typeof methods])
    }
    expect(Object.keys(methods)).toHaveLength(8)
    expect(implementations.blake2b).toBe(portable.implementations.blake2b)
  })

  it('is told so, with the reason', () => {
    const { implementations: reported } = assembleNodeCrypto(portable, NOTHING)
    for (const primitive of ['sha256', 'keccak256'] as const) {
      expect(reported[primitive].startsWith(portable.implementations[primitive])).toBe(true)
      expect(reported[primitive]).toContain('OpenSSL 1.2.3')
    }
    expect(reported.secp256k1.startsWith(portable.implementations.secp256k1)).toBe(true)
    expect(reported.secp256k1).toContain('ERR_DLOPEN_FAILED')
    expect(reported.bls.startsWith(portable.implementations.bls)).toBe(true)
    expect(reported.bls).toContain('no Wasm')
  })
})

describe('an attempt to load a library', () => {
  it('gives the library', async () => {
    expect(await attempt(() => ({ name: 'a 1.0.0', value: 7 }))).toEqual({ name: 'a 1.0.0', value: 7 })
    expect(await attempt(async () => ({ name: 'b 1.0.0' }))).toEqual({ name: 'b 1.0.0' })
  })

  it('gives the code of what kept it from loading, or what was thrown where that has none', async () => {
    const coded = Object.assign(new Error('somewhere'), { code: 'MODULE_NOT_FOUND' })
    expect(await attempt(() => Promise.reject(coded))).toEqual({ missing: 'MODULE_NOT_FOUND' })
    expect(
      await attempt(() => {
        throw new Error('no build')
      }),
    ).toEqual({ missing: 'Error: no build' })
  })
})

describe('the hash functions of OpenSSL', () => {
  it('are not used where there is none of that name or it gives another digest', () => {
    expect(findOpensslHash('no-such-hash', '')).toBeUndefined()
    expect(findOpensslHash('sha256', '00'.repeat(32))).toBeUndefined()
  })

  it('take over from the threshold on', () => {
    const hash = bySize(
      () => Uint8Array.of(1),
      100,
      () => Uint8Array.of(2),
    )
    expect(hash(pattern(0))).toEqual(Uint8Array.of(1))
    expect(hash(pattern(99))).toEqual(Uint8Array.of(1))
    expect(hash(pattern(100))).toEqual(Uint8Array.of(2))
  })
})
