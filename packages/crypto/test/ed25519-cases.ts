import { ed25519 } from '@noble/curves/ed25519.js'
import type { CryptoProvider } from '@troupe/crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat, flipBit, fromHex, fromText, pattern, toHex } from './bytes.ts'
import { RFC_8032, SPECCHECK } from './vectors/ed25519-vectors.ts'

const { Point } = ed25519
const FIELD: bigint = Point.Fp.ORDER
const ORDER: bigint = Point.Fn.ORDER

/** A number as 32 bytes, little-endian, with a sign bit. */
function encoding(y: bigint, sign = 0): Uint8Array {
  const bytes = fromHex(y.toString(16).padStart(64, '0')).reverse()
  bytes[31] = (bytes[31] as number) | (sign << 7)
  return bytes
}

/** All 14 ways to write a point of small order: the 8 of RFC 8032, and 6 with a y beyond the field or a sign of zero. */
function smallOrderEncodings(): Uint8Array[] {
  const generator = Point.fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a')
  const canonical = [generator]
  while (canonical.length < 8) canonical.push((canonical.at(-1) as typeof generator).add(generator))
  return [
    ...canonical.map((point) => point.toBytes()),
    ...[encoding(1n, 1), encoding(FIELD - 1n, 1)],
    ...[FIELD, FIELD + 1n].flatMap((y) => [encoding(y), encoding(y, 1)]),
  ]
}

/** What verification of Ed25519 signatures does in every provider: ZIP 215. */
export function ed25519Cases(provider: () => CryptoProvider): void {
  const secret = pattern(32)
  const key = ed25519.getPublicKey(secret)
  const message = fromText('a message')
  const signature = ed25519.sign(message, secret)

  describe('Ed25519 verification', () => {
    it('takes the signatures of RFC 8032, and none of another message', () => {
      for (const vector of RFC_8032) {
        const [publicKey, text, signed] = vector.map(fromHex) as [Uint8Array, Uint8Array, Uint8Array]
        expect(provider().ed25519Verify(text, signed, publicKey)).toBe(true)
        expect(provider().ed25519Verify(concat(text, Uint8Array.of(0)), signed, publicKey)).toBe(false)
      }
    })

    it('decides the edge cases that implementations differ in as ZIP 215 does', () => {
      for (const [expected, ...vector] of SPECCHECK) {
        const [text, publicKey, signed] = vector.map(fromHex) as [Uint8Array, Uint8Array, Uint8Array]
        expect(provider().ed25519Verify(text, signed, publicKey)).toBe(expected)
      }
    })

    it('takes every way to write keys and points of small order', () => {
      const points = smallOrderEncodings()
      expect(new Set(points.map(toHex))).toHaveProperty('size', 14)
      const verdicts = points.flatMap((publicKey) =>
        points.map((r) =>
          provider().ed25519Verify(fromText('Zcash'), concat(r, new Uint8Array(32)), publicKey),
        ),
      )
      expect(verdicts.every((isValid) => isValid)).toBe(true)
    })

    it('refuses S that is not below the order of the group', () => {
      const s = BigInt(`0x${toHex(signature.subarray(32).toReversed())}`)
      const r = signature.subarray(0, 32)
      expect(provider().ed25519Verify(message, concat(r, encoding(s)), key)).toBe(true)
      expect(provider().ed25519Verify(message, concat(r, encoding(s + ORDER)), key)).toBe(false)
      // With R = -k A, S may be 0; written as the order of the group it may not.
      const small = smallOrderEncodings()[0] as Uint8Array
      expect(provider().ed25519Verify(message, concat(small, encoding(0n)), small)).toBe(true)
      expect(provider().ed25519Verify(message, concat(small, encoding(ORDER)), small)).toBe(false)
    })

    it('refuses points that are not on the curve', () => {
      const off = encoding(2n)
      expect(provider().ed25519Verify(message, signature, off)).toBe(false)
      expect(provider().ed25519Verify(message, concat(off, signature.subarray(32)), key)).toBe(false)
    })

    it('refuses keys and signatures of other lengths', () => {
      for (const length of [0, 31, 33])
        expect(provider().ed25519Verify(message, signature, pattern(length))).toBe(false)
      for (const length of [0, 63, 65, 128])
        expect(provider().ed25519Verify(message, concat(signature, signature).subarray(0, length), key)).toBe(
          false,
        )
    })

    it('refuses any signature, key or message with one bit turned over', () => {
      fc.assert(
        fc.property(fc.nat(511), fc.nat(255), fc.nat(71), (bit, keyBit, messageBit) => {
          expect(provider().ed25519Verify(message, flipBit(signature, bit), key)).toBe(false)
          expect(provider().ed25519Verify(message, signature, flipBit(key, keyBit))).toBe(false)
          expect(provider().ed25519Verify(flipBit(message, messageBit), signature, key)).toBe(false)
        }),
        { seed: 21, numRuns: 20 },
      )
    })
  })
}
