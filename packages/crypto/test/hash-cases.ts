import { blake2b } from '@noble/hashes/blake2.js'
import { ripemd160 } from '@noble/hashes/legacy.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import type { CryptoProvider } from '@troupe/crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromText, pattern, toHex } from './bytes.ts'
import { BLAKE2B, KECCAK256, RIPEMD160, SHA256 } from './vectors/hash-vectors.ts'

/** What the hash functions of every provider do. */
export function hashCases(provider: () => CryptoProvider): void {
  const byteLengths = [4, 20, 32, 64] as const

  describe('hashes', () => {
    it('gives the published BLAKE2b digests of all four lengths', () => {
      for (const { input, digests } of BLAKE2B) {
        const data = typeof input === 'string' ? fromText(input) : pattern(input)
        for (const length of byteLengths) {
          expect(toHex(provider().blake2b(data, length))).toBe(digests[length])
        }
      }
    })

    it.each([
      { name: 'sha256' as const, vectors: SHA256 },
      { name: 'keccak256' as const, vectors: KECCAK256 },
      { name: 'ripemd160' as const, vectors: RIPEMD160 },
    ])('gives the published digests of $name', ({ name, vectors }) => {
      for (const { input, digest } of vectors) {
        expect(toHex(provider()[name](fromText(input)))).toBe(digest)
      }
    })

    it('agrees with noble on inputs of every length around blocks, chunks and thresholds', () => {
      for (const middle of [0, 55, 64, 111, 128, 136, 512, 16_384, 32_768]) {
        for (let length = Math.max(0, middle - 2); length <= middle + 2; length++) {
          const data = pattern(length)
          expect(toHex(provider().sha256(data))).toBe(toHex(sha256(data)))
          expect(toHex(provider().keccak256(data))).toBe(toHex(keccak_256(data)))
          expect(toHex(provider().ripemd160(data))).toBe(toHex(ripemd160(data)))
          expect(toHex(provider().blake2b(data, 32))).toBe(toHex(blake2b(data, { dkLen: 32 })))
        }
      }
    })

    it('agrees with noble on random inputs in random order', () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 700 }), fc.constantFrom(...byteLengths), (data, length) => {
          expect(toHex(provider().blake2b(data, length))).toBe(toHex(blake2b(data, { dkLen: length })))
          expect(toHex(provider().sha256(data))).toBe(toHex(sha256(data)))
          expect(toHex(provider().keccak256(data))).toBe(toHex(keccak_256(data)))
          expect(toHex(provider().ripemd160(data))).toBe(toHex(ripemd160(data)))
        }),
        { seed: 1, numRuns: 60 },
      )
    })

    it('reads views of larger buffers and leaves them as they are', () => {
      const whole = pattern(1_000)
      for (const view of [whole.subarray(13, 77), whole.subarray(101, 901)]) {
        const copy = view.slice()
        expect(toHex(provider().blake2b(view, 32))).toBe(toHex(provider().blake2b(copy, 32)))
        expect(toHex(provider().sha256(view))).toBe(toHex(provider().sha256(copy)))
        expect(toHex(provider().keccak256(view))).toBe(toHex(provider().keccak256(copy)))
        expect(toHex(provider().ripemd160(view))).toBe(toHex(provider().ripemd160(copy)))
      }
      expect(whole).toEqual(pattern(1_000))
    })

    it('returns fresh, plain arrays that later calls do not touch', () => {
      for (const length of [10, 1_000]) {
        const data = pattern(length)
        const methods: ((input: Uint8Array) => Uint8Array)[] = [
          ...byteLengths.map((n) => (input: Uint8Array) => provider().blake2b(input, n)),
          provider().sha256,
          provider().keccak256,
          provider().ripemd160,
        ]
        for (const method of methods) {
          const first = method(data)
          const before = toHex(first)
          method(pattern(length + 1))
          expect(toHex(first)).toBe(before)
          expect(first.constructor).toBe(Uint8Array)
          expect(first.buffer.byteLength).toBe(first.length)
          first.fill(0)
          expect(toHex(method(data))).toBe(before)
        }
      }
    })
  })
}
