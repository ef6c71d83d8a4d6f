import { sha256 } from '@noble/hashes/sha2.js'
import * as fc from 'fast-check'
import { createSHA256 } from 'hash-wasm'
import { describe, expect, it } from 'vitest'
import { createShortSha256, MAX_SHORT_SHA256 } from '../src/short-sha256.ts'
import { pattern, toHex } from './bytes.ts'

const short = createShortSha256()

describe('SHA-256 of short inputs', () => {
  it('agrees with noble and hash-wasm on every length, with bytes of all values', async () => {
    const wasm = await createSHA256()
    for (let length = 0; length <= MAX_SHORT_SHA256; length++) {
      for (const fill of [0, 1, 0x7f, 0x80, 0xff]) {
        const data = pattern(length).fill(fill, length >> 1)
        const digest = toHex(short(data))
        expect(digest).toBe(toHex(sha256(data)))
        expect(digest).toBe(wasm.init().update(data).digest('hex'))
      }
    }
  })

  it('agrees with noble and hash-wasm on random inputs', async () => {
    const wasm = await createSHA256()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: MAX_SHORT_SHA256 }), (data) => {
        const digest = toHex(short(data))
        expect(digest).toBe(toHex(sha256(data)))
        expect(digest).toBe(wasm.init().update(data).digest('hex'))
      }),
      { seed: 1, numRuns: 500 },
    )
  })

  it('agrees with noble along a chain in which every digest is the next input', () => {
    let own = new Uint8Array(0) as Uint8Array
    let theirs = own
    for (let i = 0; i < 5_000; i++) {
      own = short(own)
      theirs = sha256(theirs)
    }
    expect(toHex(own)).toBe(toHex(theirs))
  })

  it('reads a view of a larger buffer, and nothing that an earlier input left', () => {
    const whole = pattern(200)
    short(new Uint8Array(MAX_SHORT_SHA256).fill(0xff))
    for (const length of [0, 1, 4, 7, 52, 53, MAX_SHORT_SHA256]) {
      const view = whole.subarray(61, 61 + length)
      expect(toHex(short(view))).toBe(toHex(sha256(view.slice())))
    }
    expect(whole).toEqual(pattern(200))
  })

  it('shares no state between two functions', () => {
    const other = createShortSha256()
    const first = short(Uint8Array.of(1))
    expect(toHex(other(Uint8Array.of(2)))).toBe(toHex(sha256(Uint8Array.of(2))))
    expect(toHex(first)).toBe(toHex(sha256(Uint8Array.of(1))))
  })
})
