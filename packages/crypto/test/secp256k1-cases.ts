import type { CryptoProvider } from '@troupe/crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat, flipBit, fromHex, fromText, pattern, toBigEndian, toHex } from './bytes.ts'
import {
  SECP256K1_FIELD,
  SECP256K1_ORDER,
  secp256k1PublicKey,
  secp256k1Sign,
  secp256k1SignatureOfInfinity,
  secp256k1Twin,
} from './signers.ts'

/** What recovery and verification over secp256k1 do in every provider. */
export function secp256k1Cases(provider: () => CryptoProvider): void {
  const digest = pattern(32)
  const secret = 0xc0ffeen
  const key = secp256k1PublicKey(secret)
  const signature = secp256k1Sign(digest, secret)
  const withRs = (r: bigint, s: bigint, v: number) =>
    concat(toBigEndian(r, 32), toBigEndian(s, 32), Uint8Array.of(v))
  const r = BigInt(`0x${toHex(signature.subarray(0, 32))}`)
  const s = BigInt(`0x${toHex(signature.subarray(32, 64))}`)

  describe('secp256k1 signing', () => {
    const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 })
    /** Digests that are not below the order, or just below, with others. */
    const digests = fc.oneof(
      bytes32,
      fc.bigInt({ min: SECP256K1_ORDER - 3n, max: 2n ** 256n - 1n }).map((number) => toBigEndian(number, 32)),
      fc.constantFrom(new Uint8Array(32), toBigEndian(SECP256K1_ORDER, 32), new Uint8Array(32).fill(255)),
    )

    it('gives the signature of RFC 6979, with a low s, that the key is recovered from', () => {
      fc.assert(
        fc.property(digests, fc.bigInt({ min: 1n, max: SECP256K1_ORDER - 1n }), (hash, number) => {
          const signed = provider().secp256k1Sign(hash, toBigEndian(number, 32)) as Uint8Array
          expect(toHex(signed)).toBe(toHex(secp256k1Sign(hash, number)))
          expect(toHex(provider().secp256k1Recover(hash, signed))).toBe(toHex(secp256k1PublicKey(number)))
        }),
        { seed: 5, numRuns: 15 },
      )
    })

    it('signs as published', () => {
      // The private key 1 and the SHA-256 of "Satoshi Nakamoto", by which implementations of RFC 6979 for this curve are compared.
      const hash = provider().sha256(fromText('Satoshi Nakamoto'))
      expect(toHex(provider().secp256k1Sign(hash, toBigEndian(1n, 32))?.subarray(0, 64) as Uint8Array)).toBe(
        '934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8' +
          '2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5',
      )
    })

    it.each([
      ['0', toBigEndian(0n, 32), digest],
      ['the order', toBigEndian(SECP256K1_ORDER, 32), digest],
      ['31 bytes', new Uint8Array(31).fill(1), digest],
      ['33 bytes', new Uint8Array(33).fill(1), digest],
      ['a digest of 31 bytes', toBigEndian(1n, 32), digest.subarray(1)],
    ])('has nothing for %s', (_, bad, hash) => {
      expect(provider().secp256k1Sign(hash, bad)).toBeUndefined()
    })
  })

  describe('secp256k1 recovery', () => {
    it('recovers the key of the published high-s signature', () => {
      // ref-fvm shared/src/crypto/signature.rs `secp_ecrecover_testvector`
      const hash = fromHex('18c547e4f7b0f325ad1e56f57e26c745b09a3e503d86e00e5255ff7f715d3d1c')
      const highS = fromHex(
        '73b1693892219d736caba55bdb67216e485557ea6b6af75f37096c9aa6a5a75feeb940b1d03b21e36b0e47e79769f095fe2ab855bd91e3a38756b7d75a9c454901',
      )
      const recovered = provider().secp256k1Recover(hash, highS) as Uint8Array
      expect(recovered).toHaveLength(65)
      expect(recovered[0]).toBe(4)
      expect(toHex(provider().keccak256(recovered.subarray(1)).subarray(12))).toBe(
        'a94f5374fce5edbc8e2a8697c15331677e6ebf0b',
      )
      expect(toHex(provider().secp256k1Recover(hash, secp256k1Twin(highS)))).toBe(toHex(recovered))
    })

    it('recovers the signer from either twin of a signature, and both twins verify', () => {
      fc.assert(
        fc.property(
          fc.uint8Array({ minLength: 32, maxLength: 32 }),
          fc.bigInt({ min: 1n, max: SECP256K1_ORDER - 1n }),
          (hash, signer) => {
            const signed = secp256k1Sign(hash, signer)
            for (const twin of [signed, secp256k1Twin(signed)]) {
              const publicKey = secp256k1PublicKey(signer)
              expect(toHex(provider().secp256k1Recover(hash, twin))).toBe(toHex(publicKey))
              expect(provider().secp256k1Verify(hash, twin.subarray(0, 64), publicKey)).toBe(true)
            }
          },
        ),
        { seed: 2, numRuns: 12 },
      )
    })

    it('recovers from digests that are zero or not less than the group order', () => {
      for (const hash of [
        new Uint8Array(32),
        toBigEndian(SECP256K1_ORDER, 32),
        new Uint8Array(32).fill(255),
      ]) {
        expect(toHex(provider().secp256k1Recover(hash, secp256k1Sign(hash, secret)))).toBe(toHex(key))
      }
    })

    it('takes recovery ids 2 and 3 for x coordinates beyond the group order', () => {
      // 2 + n is the x coordinate of a point, 1 + n is not.
      for (const v of [2, 3]) {
        const reduced = withRs(2n, 12345n, v)
        const recovered = provider().secp256k1Recover(digest, reduced) as Uint8Array
        expect(recovered).toHaveLength(65)
        expect(provider().secp256k1Verify(digest, reduced.subarray(0, 64), recovered)).toBe(true)
        expect(provider().secp256k1Recover(digest, withRs(1n, 12345n, v))).toBeUndefined()
        // The x coordinate would not be less than the order of the field.
        expect(
          provider().secp256k1Recover(digest, withRs(SECP256K1_FIELD - SECP256K1_ORDER, 12345n, v)),
        ).toBeUndefined()
        expect(provider().secp256k1Recover(digest, withRs(r, s, v))).toBeUndefined()
      }
    })

    it('finds no key for an r that is no x coordinate', () => {
      expect(provider().secp256k1Recover(digest, withRs(5n, s, 0))).toBeUndefined()
    })

    it('finds no key where it would be the point at infinity', () => {
      expect(provider().secp256k1Recover(digest, secp256k1SignatureOfInfinity(digest))).toBeUndefined()
    })

    it('finds no key for r or s of zero or not less than the group order', () => {
      const outside = [0n, SECP256K1_ORDER, SECP256K1_ORDER + 1n, (1n << 256n) - 1n]
      for (const bad of outside) {
        for (const v of [0, 1, 2, 3]) {
          expect(provider().secp256k1Recover(digest, withRs(bad, s, v))).toBeUndefined()
          expect(provider().secp256k1Recover(digest, withRs(r, bad, v))).toBeUndefined()
        }
      }
    })

    it('finds no key for recovery ids beyond 3', () => {
      for (const v of [4, 5, 27, 28, 31, 128, 255]) {
        expect(provider().secp256k1Recover(digest, withRs(r, s, v))).toBeUndefined()
      }
    })

    it('finds no key for digests and signatures of other lengths', () => {
      for (const length of [0, 31, 33]) {
        expect(provider().secp256k1Recover(pattern(length), signature)).toBeUndefined()
      }
      for (const length of [0, 1, 64, 66, 130]) {
        expect(
          provider().secp256k1Recover(digest, concat(signature, signature).subarray(0, length)),
        ).toBeUndefined()
      }
    })
  })

  describe('secp256k1 verification', () => {
    const compact = signature.subarray(0, 64)

    it('takes compressed and uncompressed keys', () => {
      expect(provider().secp256k1Verify(digest, compact, key)).toBe(true)
      expect(provider().secp256k1Verify(digest, compact, secp256k1PublicKey(secret, true))).toBe(true)
    })

    it('refuses other digests, signatures and keys', () => {
      for (const bit of [0, 100, 255]) {
        expect(provider().secp256k1Verify(flipBit(digest, bit), compact, key)).toBe(false)
        expect(provider().secp256k1Verify(digest, flipBit(compact, bit), key)).toBe(false)
        expect(provider().secp256k1Verify(digest, flipBit(compact, bit + 256), key)).toBe(false)
      }
      expect(provider().secp256k1Verify(digest, compact, secp256k1PublicKey(secret + 1n))).toBe(false)
    })

    it('refuses r or s of zero or not less than the group order', () => {
      for (const bad of [0n, SECP256K1_ORDER, (1n << 256n) - 1n]) {
        expect(provider().secp256k1Verify(digest, withRs(bad, s, 0).subarray(0, 64), key)).toBe(false)
        expect(provider().secp256k1Verify(digest, withRs(r, bad, 0).subarray(0, 64), key)).toBe(false)
      }
    })

    it('refuses keys that are malformed, off the curve or in the hybrid form', () => {
      const hybrid = key.slice()
      hybrid[0] = 6 + ((key[64] as number) & 1)
      const compressed = secp256k1PublicKey(secret, true)
      const bad = [
        new Uint8Array(0),
        Uint8Array.of(0),
        new Uint8Array(33),
        new Uint8Array(65),
        key.subarray(1),
        key.subarray(0, 33),
        compressed.subarray(0, 32),
        concat(compressed, Uint8Array.of(0)),
        concat(Uint8Array.of(2), key.subarray(1)),
        concat(Uint8Array.of(4), compressed.subarray(1)),
        flipBit(key, 512),
        concat(Uint8Array.of(2), toBigEndian(5n, 32)),
        concat(Uint8Array.of(2), toBigEndian(SECP256K1_FIELD + 2n, 32)),
        hybrid,
      ]
      for (const publicKey of bad) {
        expect(provider().secp256k1Verify(digest, compact, publicKey)).toBe(false)
      }
    })

    it('refuses digests and signatures of other lengths', () => {
      expect(provider().secp256k1Verify(pattern(31), compact, key)).toBe(false)
      expect(provider().secp256k1Verify(pattern(33), compact, key)).toBe(false)
      expect(provider().secp256k1Verify(digest, signature, key)).toBe(false)
      expect(provider().secp256k1Verify(digest, compact.subarray(1), key)).toBe(false)
      expect(provider().secp256k1Verify(digest, new Uint8Array(0), key)).toBe(false)
    })

    it('leaves its arguments as they are, also where it normalises', () => {
      const twin = secp256k1Twin(signature)
      const highS = concat(fromText('xyz'), twin).subarray(3, 67)
      const before = toHex(highS)
      expect(provider().secp256k1Verify(digest, highS, key)).toBe(true)
      expect(toHex(highS)).toBe(before)
      expect(toHex(provider().secp256k1Recover(digest, twin))).toBe(toHex(key))
      expect(toHex(twin.subarray(0, 64))).toBe(before)
    })
  })
}
