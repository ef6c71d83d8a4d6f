import { createRequire } from 'node:module'
import { type CryptoProvider, loadCrypto } from '@troupe/crypto'
import { loadNodeCrypto } from '@troupe/crypto-node'
import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { concat, flipBit, toHex } from '../../crypto/test/bytes.ts'
import { ecRecoverCases } from '../../crypto/test/ecrecover-cases.ts'
import { providerCases } from '../../crypto/test/provider-cases.ts'
import {
  blsPublicKey,
  blsSign,
  secp256k1PublicKey,
  secp256k1Sign,
  secp256k1Twin,
} from '../../crypto/test/signers.ts'

const require = createRequire(import.meta.url)
const versionOf = (library: string) => require(`${library}/package.json`).version as string

describe('the provider for Node', () => {
  providerCases(loadNodeCrypto)
  ecRecoverCases(loadNodeCrypto)

  it('has the native binding of secp256k1 wherever there is a prebuilt one, and never its slow substitute', async () => {
    const { implementations } = await loadNodeCrypto()
    const prebuilt = ['linux-x64', 'darwin-arm64', 'win32-x64'].includes(
      `${process.platform}-${process.arch}`,
    )
    expect(implementations.secp256k1.startsWith(`secp256k1 ${versionOf('secp256k1')} (native)`)).toBe(
      prebuilt,
    )
    expect(Object.keys(require.cache).filter((file) => file.includes('elliptic'))).toEqual([])
  })

  it('has mcl everywhere, OpenSSL for SHA-256, and the rest portable', async () => {
    const [{ implementations }, portable] = await Promise.all([loadNodeCrypto(), loadCrypto()])
    expect(implementations.bls).toBe(`mcl-wasm ${versionOf('mcl-wasm')}`)
    expect(implementations.sha256).toContain(`OpenSSL ${process.versions['openssl']}`)
    expect(implementations.keccak256).toContain(`OpenSSL ${process.versions['openssl']}`)
    expect(implementations.blake2b).toBe(portable.implementations.blake2b)
    expect(implementations.ripemd160).toBe(portable.implementations.ripemd160)
  })
})

describe('the two providers', () => {
  let node: CryptoProvider
  let portable: CryptoProvider
  beforeAll(async () => {
    ;[node, portable] = await Promise.all([loadNodeCrypto(), loadCrypto()])
  })
  const digests = fc.uint8Array({ minLength: 32, maxLength: 32 })
  const secrets = fc.bigInt({ min: 1n, max: 1n << 250n })

  it('give the same digests', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 2_000, size: 'max' }),
        fc.constantFrom(4 as const, 20 as const, 32 as const, 64 as const),
        (data, length) => {
          expect(toHex(node.blake2b(data, length))).toBe(toHex(portable.blake2b(data, length)))
          expect(toHex(node.sha256(data))).toBe(toHex(portable.sha256(data)))
          expect(toHex(node.keccak256(data))).toBe(toHex(portable.keccak256(data)))
          expect(toHex(node.ripemd160(data))).toBe(toHex(portable.ripemd160(data)))
        },
      ),
      { seed: 11, numRuns: 150 },
    )
  })

  it('recover the same key, or none, from signatures of random bytes', () => {
    fc.assert(
      fc.property(
        digests,
        fc.uint8Array({ minLength: 64, maxLength: 64 }),
        fc.integer({ min: 0, max: 4 }),
        (digest, rs, v) => {
          const signature = concat(rs, Uint8Array.of(v))
          const recovered = portable.secp256k1Recover(digest, signature)
          expect(toHex(node.secp256k1Recover(digest, signature))).toBe(toHex(recovered))
          if (recovered === undefined) return
          expect(portable.secp256k1Verify(digest, rs, recovered)).toBe(true)
          expect(node.secp256k1Verify(digest, rs, recovered)).toBe(true)
        },
      ),
      { seed: 12, numRuns: 60 },
    )
  })

  it('agree on signatures with one bit turned over', () => {
    fc.assert(
      fc.property(
        digests,
        secrets,
        fc.nat(511),
        fc.nat(519),
        fc.boolean(),
        (digest, secret, bit, keyBit, high) => {
          const signed = secp256k1Sign(digest, secret)
          const signature = flipBit(high ? secp256k1Twin(signed) : signed, bit)
          expect(toHex(node.secp256k1Recover(digest, signature))).toBe(
            toHex(portable.secp256k1Recover(digest, signature)),
          )
          const key = flipBit(secp256k1PublicKey(secret), keyBit)
          const rs = signed.subarray(0, 64)
          expect(node.secp256k1Verify(digest, rs, key)).toBe(portable.secp256k1Verify(digest, rs, key))
        },
      ),
      { seed: 13, numRuns: 30 },
    )
  })

  it('agree on BLS signatures and aggregates, whole and with one bit turned over', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.uint8Array({ maxLength: 100 }), secrets), { minLength: 1, maxLength: 3 }),
        fc.nat(767),
        (signers, bit) => {
          const messages = signers.map(([message]) => message)
          const keys = signers.map(([, secret]) => blsPublicKey(secret))
          const signatures = signers.map(([message, secret]) => blsSign(message, secret))
          const sum = portable.blsAggregate(signatures) as Uint8Array
          expect(toHex(node.blsAggregate(signatures))).toBe(toHex(sum))
          for (const signature of [sum, flipBit(sum, bit)]) {
            const valid = portable.blsVerify(signature, messages, keys)
            expect(node.blsVerify(signature, messages, keys)).toBe(valid)
          }
        },
      ),
      { seed: 14, numRuns: 6 },
    )
  })
})
