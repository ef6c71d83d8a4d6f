import { ed25519 } from '@noble/curves/ed25519.js'
import { type CryptoProvider, loadCrypto } from '@troupe/crypto'
import * as portableCurves from '@troupe/crypto/curves'
import { loadHashes } from '@troupe/crypto/hashes'
import { beforeAll, describe, expect, it } from 'vitest'
import { pattern } from '../../crypto/test/bytes.ts'
import { blsPublicKey, blsSign, secp256k1PublicKey, secp256k1Sign } from '../../crypto/test/signers.ts'
import {
  assembleNodeCrypto,
  loadOr,
  loadPortableCurves,
  type NodeParts,
  type PortableParts,
} from '../src/load-node-crypto.ts'
import { once } from '../src/once.ts'
import { findOpensslHash } from '../src/openssl-hash.ts'

const NOTHING: NodeParts = {
  openssl: 'OpenSSL 1.2.3',
  sha256: () => undefined,
  keccak256: () => undefined,
  ed25519: () => undefined,
  secp256k1() {
    throw Object.assign(new Error('somewhere'), { code: 'ERR_DLOPEN_FAILED' })
  },
  bls() {
    throw new Error('no Wasm')
  },
}

let portable: CryptoProvider
let parts: PortableParts
beforeAll(async () => {
  portable = await loadCrypto()
  parts = { hashes: await loadHashes(), curves: loadPortableCurves }
})

describe('a Node that has nothing to offer', () => {
  it('gets the portable implementation of every primitive', () => {
    const crypto = assembleNodeCrypto(parts, NOTHING)
    const data = pattern(1_000)
    for (const hash of ['sha256', 'keccak256', 'ripemd160'] as const)
      expect(crypto[hash](data)).toEqual(portable[hash](data))
    expect(crypto.blake2b(data, 32)).toEqual(portable.blake2b(data, 32))
    const digest = pattern(32)
    const signature = secp256k1Sign(digest, 7n)
    expect(crypto.secp256k1Recover(digest, signature)).toEqual(portable.secp256k1Recover(digest, signature))
    expect(crypto.secp256k1Verify(digest, signature.subarray(0, 64), secp256k1PublicKey(7n))).toBe(true)
    const secret = pattern(32)
    const edSignature = ed25519.sign(data, secret)
    expect(crypto.ed25519Verify(data, edSignature, ed25519.getPublicKey(secret))).toBe(true)
    expect(crypto.ed25519Verify(digest, edSignature, ed25519.getPublicKey(secret))).toBe(false)
    const blsSignature = blsSign(data, 7n)
    expect(crypto.blsVerify(blsSignature, [data], [blsPublicKey(7n)])).toBe(true)
    expect(crypto.blsAggregate([blsSignature])).toEqual(blsSignature)
  })

  it('is told so, with the reason', () => {
    const { name, implementations: reported } = assembleNodeCrypto(parts, NOTHING)
    expect(name).toBe('node')
    expect(reported.blake2b).toBe(portable.implementations.blake2b)
    for (const primitive of ['sha256', 'keccak256', 'ed25519'] as const) {
      expect(reported[primitive].startsWith(portable.implementations[primitive])).toBe(true)
      expect(reported[primitive]).toContain('OpenSSL 1.2.3')
    }
    expect(reported.secp256k1.startsWith(portable.implementations.secp256k1)).toBe(true)
    expect(reported.secp256k1).toContain('ERR_DLOPEN_FAILED')
    expect(reported.bls.startsWith(portable.implementations.bls)).toBe(true)
    expect(reported.bls).toContain('no Wasm')
  })
})

describe('a library', () => {
  const library = (name: string) => () => ({ name, functions: {} })

  it('is loaded by the first call that needs it, and once', () => {
    const loaded: string[] = []
    const note = <T>(what: string, value: T): T => {
      loaded.push(what)
      return value
    }
    const crypto = assembleNodeCrypto(
      { ...parts, curves: () => note('curves', parts.curves()) },
      {
        openssl: 'OpenSSL 1.2.3',
        sha256: () => note('sha256', () => Uint8Array.of(1)),
        keccak256: () => note('keccak256', undefined),
        ed25519: () => note('ed25519', () => true),
        secp256k1: () => note('secp256k1', { name: 'a', functions: portableCurves }),
        bls: () => note('bls', { name: 'b', functions: portableCurves }),
      },
    )
    crypto.sha256(pattern(127))
    crypto.blake2b(pattern(1_000), 32)
    expect(loaded).toEqual([])
    for (const _ of ['once', 'again']) {
      expect(crypto.sha256(pattern(128))).toEqual(Uint8Array.of(1))
      expect(crypto.keccak256(pattern(512))).toEqual(portable.keccak256(pattern(512)))
      expect(crypto.secp256k1Recover(pattern(0), pattern(0))).toBeUndefined()
      expect(crypto.ed25519Verify(pattern(0), pattern(0), pattern(0))).toBe(true)
      expect(crypto.blsAggregate([])).toBeUndefined()
    }
    expect(loaded).toEqual(['sha256', 'keccak256', 'secp256k1', 'ed25519', 'bls'])
    expect(crypto.implementations.bls).toBe('b')
  })

  it('that does not load is replaced, with the code of what kept it, or what was thrown where that has none', () => {
    expect(loadOr(library('slow'), library('fast')).name).toBe('fast')
    const coded = Object.assign(new Error('somewhere'), { code: 'MODULE_NOT_FOUND' })
    for (const [error, reason] of [
      [coded, 'MODULE_NOT_FOUND'],
      [new Error('no build'), 'Error: no build'],
    ] as const) {
      const { name } = loadOr(library('slow'), () => {
        throw error
      })
      expect(name).toBe(`slow (faster library did not load: ${reason})`)
    }
  })

  it('is tried again where the host was exhausted when it was loaded', () => {
    let room = false
    const load = once(() =>
      loadOr(library('slow'), () => {
        if (!room) throw new RangeError('Maximum call stack size exceeded')
        return library('fast')()
      }),
    )
    expect(load).toThrow(RangeError)
    room = true
    expect(load().name).toBe('fast')
  })
})

describe('the hash functions of OpenSSL', () => {
  it('are not used where there is none of that name or it gives another digest', () => {
    expect(findOpensslHash('no-such-hash', '')).toBeUndefined()
    expect(findOpensslHash('sha256', '00'.repeat(32))).toBeUndefined()
  })
})
