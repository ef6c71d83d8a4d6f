import { loadCrypto } from '@troupe/crypto'
import {
  decodeMessage,
  delegatedAddress,
  encodeMessage,
  formatAddress,
  idAddress,
  type Message,
  messageCid,
  messageCodec,
} from '@troupe/hypervisor'
import { CborReader, CborWriter, decodeValue, encodeValue } from '@troupe/ipld'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const crypto = await loadCrypto()
const MAX_UINT64 = 2n ** 64n - 1n

/** Messages of the main network with their CIDs, from fvm-test-vectors 0001-shark-01 (fil_9_account/Send, fil_9_multisig/Approve). */
const MAINNET: readonly (readonly [string, string])[] = [
  [
    '8a0042006358310396957756e5ea5f5a65744a1f85db0025ee32eaa9502580e653dbb27340882d68c0009be196934851d31aabf3ef239bc21a000342af401a00040d1745006263de554500046faf670040',
    'bafy2bzacebs6x6wi25vfd2mxglovctqcoxraohdbzr6hdnhgos5xj5toln4ng',
  ],
  [
    '8a004400e9ac765831038c388a6b5b3d181fda31d57b3850885af4359e9409d55dd66035614d5d95e8215d3279d4fb37b8764a3be70d7c2960a308401a02757f6e45006522b6144500027f461a0343820f40',
    'bafy2bzacedswlneip6kczfktf7yfdwkffobnf4kpenru4jdwjgvzh6wanennq',
  ],
]

const uint64 = fc.bigInt({ min: 0n, max: MAX_UINT64 })
const amount = fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n })
const anyMessage: fc.Arbitrary<Message> = fc.record({
  version: uint64,
  to: uint64.map(idAddress),
  from: fc.uint8Array({ maxLength: 54 }).map((bytes) => delegatedAddress(10n, bytes)),
  sequence: uint64,
  value: amount,
  gasLimit: uint64,
  gasFeeCap: amount,
  gasPremium: amount,
  method: uint64,
  params: fc.uint8Array({ maxLength: 100 }),
})

function bytes(hex: string): Uint8Array {
  return Uint8Array.fromHex(hex)
}

function malformed(encoded: Uint8Array): void {
  expect(() => decodeMessage(encoded)).toThrow(expect.objectContaining({ code: 'message/malformed' }))
}

describe('messages', () => {
  it('of the main network read, write and hash as they did there', () => {
    for (const [hex, cid] of MAINNET) {
      const message = decodeMessage(bytes(hex))
      expect(encodeMessage(message).toHex()).toBe(hex)
      expect(messageCid(crypto, message).toString()).toBe(cid)
    }
  })

  it('have their fields in the protocol’s order', () => {
    const message = decodeMessage(bytes(MAINNET[1]?.[0] ?? ''))
    expect(formatAddress(message.to, crypto)).toBe('f01939049')
    expect(message.from.protocol).toBe(3)
    expect(message).toMatchObject({ version: 0n, sequence: 8n, value: 0n, gasLimit: 41254766n, method: 3n })
    expect(message).toMatchObject({ gasFeeCap: 1696773652n, gasPremium: 41895450n })
    expect(message.params).toEqual(Uint8Array.of(0x82, 0x0f, 0x40))
  })

  it('read back as they were written', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const encoded = encodeMessage(message)
        const decoded = decodeMessage(encoded)
        expect({ ...decoded, to: decoded.to.key, from: decoded.from.key }).toEqual({
          ...message,
          to: message.to.key,
          from: message.from.key,
        })
        expect(encodeValue(messageCodec, decodeValue(messageCodec, encoded))).toEqual(encoded)
      }),
      { seed: 4 },
    )
  })

  it('do not keep the memory they are read from', () => {
    const [message] = fc.sample(anyMessage, { numRuns: 1, seed: 5 })
    if (message === undefined) throw new Error('no sample')
    const encoded = encodeMessage({ ...message, params: Uint8Array.of(1, 2, 3) })
    const decoded = decodeMessage(encoded)
    encoded.fill(0xee)
    expect(decoded.params).toEqual(Uint8Array.of(1, 2, 3))
  })

  it('are refused where f4 addresses are, if they have any', () => {
    const [message] = fc.sample(anyMessage, { numRuns: 1, seed: 6 })
    if (message === undefined) throw new Error('no sample')
    const encoded = encodeMessage(message)
    expect(decodeMessage(encoded).from.protocol).toBe(4)
    expect(() => decodeMessage(encoded, { delegated: false })).toThrow(
      expect.objectContaining({ code: 'message/malformed' }),
    )
  })

  describe('are refused', () => {
    const [hex] = MAINNET[0] ?? ['']
    const whole = bytes(hex)

    it('cut short anywhere', () => {
      for (let length = 0; length < whole.length; length++) malformed(whole.subarray(0, length))
    })

    it('with bytes after them', () => {
      malformed(Uint8Array.of(...whole, 0))
    })

    it('with nine or eleven fields', () => {
      const nine = whole.slice(0, -1)
      nine[0] = 0x89
      malformed(nine)
      const eleven = Uint8Array.of(...whole, 0x40)
      eleven[0] = 0x8b
      malformed(eleven)
    })

    /** A message with the item at one place replaced. */
    function withField(place: number, write: (writer: CborWriter) => unknown): Uint8Array {
      const reader = new CborReader(whole)
      const writer = new CborWriter()
      writer.array(reader.array())
      for (let i = 0; i < 10; i++) {
        const item = reader.raw()
        if (i === place) write(writer)
        else writer.raw(item)
      }
      return writer.finish()
    }

    it.each([
      ['a negative version', 0, (w: CborWriter) => w.int(-1)],
      ['a receiver that is text', 1, (w: CborWriter) => w.text('f01')],
      ['a receiver that is no address', 1, (w: CborWriter) => w.bytes(Uint8Array.of(0))],
      ['a sender that is null', 2, (w: CborWriter) => w.null()],
      ['a negative sequence', 3, (w: CborWriter) => w.int(-1)],
      ['a value with a sign that is none', 4, (w: CborWriter) => w.bytes(Uint8Array.of(2, 1))],
      ['a value that is too long', 4, (w: CborWriter) => w.bytes(new Uint8Array(129))],
      ['a value that is an integer', 4, (w: CborWriter) => w.int(-1)],
      ['a negative gas limit', 5, (w: CborWriter) => w.int(-1)],
      ['a fee cap that is text', 6, (w: CborWriter) => w.text('1')],
      ['a premium that is null', 7, (w: CborWriter) => w.null()],
      ['a negative method', 8, (w: CborWriter) => w.int(-1)],
      ['parameters that are null', 9, (w: CborWriter) => w.null()],
      ['parameters that are an array', 9, (w: CborWriter) => w.array(0)],
    ] as const)('with %s', (_, place, write) => {
      malformed(withField(place, write))
    })

    it('but not where the same field holds what it should', () => {
      expect(decodeMessage(withField(0, (w) => w.uint(1))).version).toBe(1n)
      expect(decodeMessage(withField(5, (w) => w.uint(MAX_UINT64))).gasLimit).toBe(MAX_UINT64)
      expect(decodeMessage(withField(8, (w) => w.uint(MAX_UINT64))).method).toBe(MAX_UINT64)
      const greatest = new Uint8Array(128).fill(0xff, 1)
      expect(decodeMessage(withField(4, (w) => w.bytes(greatest))).value).toBe(2n ** 1016n - 1n)
    })
  })
})
