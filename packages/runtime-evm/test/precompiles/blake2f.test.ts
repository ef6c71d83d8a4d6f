import { loadCrypto } from '@troupe/crypto'
import { describe, expect, it } from 'vitest'
import { fromHex, toHex } from './hex.ts'
import { precompile, run } from './run.ts'

const blake2f = precompile(0x09)
const crypto = await loadCrypto()

/** The one block of BLAKE2b-512 of `abc`: RFC 7693, appendix A. */
const STATE =
  '48c9bdf267e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5d182e6ad7f520e511f6c3e2b8c68059b6bbd41fbabd9831f79217e1319cde05b'
const MESSAGE = '616263'.padEnd(256, '0')
const OFFSET = '03'.padEnd(32, '0')
const REST = STATE + MESSAGE + OFFSET

describe('the compression of BLAKE2b', () => {
  it('gives the digest of the standard', () => {
    expect(run(blake2f, `0000000c${REST}01`)).toBe(
      'ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923',
    )
  })

  it('takes any number of rounds, for a gas each', () => {
    expect(run(blake2f, `00000000${REST}01`)).toBe(
      '08c9bcf367e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5d282e6ad7f520e511f6c3e2b8c68059b9442be0454267ce079217e1319cde05b',
    )
    expect(blake2f.gas(fromHex(`0000000c${REST}01`))).toBe(12)
    expect(blake2f.gas(fromHex(`ffffffff${REST}01`))).toBe(2 ** 32 - 1)
  })

  it('reads a view of a larger buffer', () => {
    const larger = fromHex(`ffff0000000c${REST}01ff`)
    expect(blake2f.run(larger.subarray(2, -1))).toEqual(blake2f.run(fromHex(`0000000c${REST}01`)))
    expect(blake2f.gas(larger.subarray(2, -1))).toBe(12)
  })

  it('remembers nothing of what it did before', () => {
    const first = run(blake2f, `0000000c${REST}01`)
    run(blake2f, `0000000b${'5a'.repeat(208)}01`)
    expect(run(blake2f, `0000000c${REST}01`)).toBe(first)
  })

  it('agrees with the library, for all of its rounds', () => {
    // A message of one block is compressed once, of as many bytes as the offset says.
    for (let length = 1; length <= 128; length += 7) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 29 + length) & 0xff)
      const block = toHex(bytes).padEnd(256, '0')
      const offset = length.toString(16).padStart(2, '0').padEnd(32, '0')
      expect(run(blake2f, `0000000c${STATE}${block}${offset}01`)).toBe(toHex(crypto.blake2b(bytes, 64)))
    }
  })

  it('refuses other lengths and other flags', () => {
    expect(run(blake2f, '')).toBe('failed: input-length')
    expect(run(blake2f, `0000000c${REST}`)).toBe('failed: input-length')
    expect(run(blake2f, `0000000c${REST}0100`)).toBe('failed: input-length')
    expect(run(blake2f, `0000000c${REST}02`)).toBe('failed: final-flag')
    expect(blake2f.gas(fromHex(`ffffffff${REST}0100`))).toBe(0)
  })
})
