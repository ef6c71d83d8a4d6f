import { loadCrypto } from '@troupe/crypto'
import {
  BLAKE2B_256,
  bytesKey,
  type Cid,
  cidEquals,
  cidKey,
  cidOf,
  DAG_CBOR,
  DAG_PB,
  decodeCid,
  decodeCidAt,
  decodeCidPrefix,
  isCid,
  parseCid,
  RAW,
  SHA2_256,
} from '@troupe/ipld'
import fc from 'fast-check'
import { base36 } from 'multiformats/bases/base36'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { describe, expect, test } from 'vitest'
import { expectCode } from './codes.ts'
import { hex, toHex } from './hex.ts'

const crypto = await loadCrypto()
const EMPTY_ARRAY = 'bafy2bzacebc3bt6cedhoyw34drrmjvazhu4oj25er2ebk4u445pzycvq4ta4a'
const DIGEST = '00'.repeat(32)

describe('cidOf', () => {
  test('is the blake2b-256 CID of version 1', () => {
    const cid = cidOf(crypto, DAG_CBOR, hex('80'))
    expect(String(cid)).toBe(EMPTY_ARRAY)
    expect(toHex(cid.bytes)).toMatch(/^0171a0e40220/)
    expect(cid.multihash.code).toBe(BLAKE2B_256)
    expect(cidOf(crypto, RAW, hex('80')).code).toBe(RAW)
  })

  test.each([0, DAG_CBOR, 0x7f, 0x80, 0xf101, 2 ** 40])('has all parts with the codec %i', (codec) => {
    const cid = cidOf(crypto, codec, hex('80'))
    const library = CID.createV1(codec, Digest.create(BLAKE2B_256, crypto.blake2b(hex('80'), 32)))
    const partsOf = ({ bytes, byteLength, code, multihash, version, '/': same }: Cid) => {
      const { code: hash, digest, size, bytes: whole } = multihash
      return { bytes, byteLength, code, version, same, multihash: { code: hash, digest, size, bytes: whole } }
    }
    expect(partsOf(cid)).toEqual(partsOf(library))
    expect([cid.equals(library), library.equals(cid), CID.asCID(cid) === cid, isCid(cid)]).toEqual(
      Array(4).fill(true),
    )
    expect([String(cid), JSON.stringify(cid)]).toEqual([String(library), JSON.stringify(library)])
    expect(cid).toStrictEqual(decodeCid(cid.bytes))
    expect(cid).toStrictEqual(parseCid(String(cid)))
    expect(cidKey(cid)).toBe(cidKey(library))
  })
})

describe('decodeCid', () => {
  test('reads what was written, as views of the input', () => {
    const bytes = parseCid(EMPTY_ARRAY).bytes.slice()
    const cid = decodeCid(bytes)
    expect(String(cid)).toBe(EMPTY_ARRAY)
    expect(cid.bytes.buffer).toBe(bytes.buffer)
    expect(cid.multihash.digest.buffer).toBe(bytes.buffer)
    expect([cid.version, cid.code, cid.multihash.code, cid.multihash.size]).toEqual([
      1,
      DAG_CBOR,
      BLAKE2B_256,
      32,
    ])
  })

  test('reads version 0 as DAG-PB with sha2-256', () => {
    const cid = decodeCid(hex(`1220${DIGEST}`))
    expect([cid.version, cid.code, cid.multihash.code]).toEqual([0, DAG_PB, SHA2_256])
    expect(String(cid)).toBe(String(CID.decode(hex(`1220${DIGEST}`))))
    expect(toHex(cid.bytes)).toBe(`1220${DIGEST}`)
  })

  test.each([
    ['nothing', ''],
    ['a version alone', '01'],
    ['version 2', '02550000'],
    ['version 0 written out', '00550000'],
    ['version 0 of another length', `1221${DIGEST}`],
    ['another version of the length of version 0', `0220${DIGEST}`],
    ['version 0 cut off', `1220${'00'.repeat(31)}`],
    ['a digest cut off', '0155120200'],
    ['a digest longer than 64 bytes', `01550041${'00'.repeat(65)}`],
    ['a varint that is not minimal', '0155800000'],
    ['a varint cut off', '0180'],
    ['a varint of eleven bytes', '01808080808080808080808001'],
    ['bytes after the CID', '0155000000'],
  ])('refuses %s', (_, bytes) => {
    expectCode(() => decodeCid(hex(bytes)), 'cid/malformed')
  })

  test('reads a digest of 64 bytes', () => {
    expect(decodeCid(hex(`01550040${'00'.repeat(64)}`)).multihash.size).toBe(64)
  })

  // Recorded by running the reference's decoder.
  test('drops the bits of a varint beyond the 64th, and is the CID without them', () => {
    const cid = decodeCid(hex('0180808080808080808002 0000'))
    expect(toHex(cid.bytes)).toBe('01000000')
    expect(cid.code).toBe(0)
    expect(toHex(decodeCid(hex('01ffffffffffffffffff7f0000')).bytes)).toBe('01ffffffffffffffffff010000')
    expect(toHex(decodeCid(hex('81808080808080808002 550000')).bytes)).toBe('01550000')
    expect(toHex(decodeCid(hex('81808080808080808002 7f0000')).bytes)).toBe('017f0000')
    expect(toHex(decodeCid(hex('81808080808080808002 80010000')).bytes)).toBe('0180010000')
    expect(toHex(decodeCid(hex(`92808080808080808002 20${DIGEST}`)).bytes)).toBe(`1220${DIGEST}`)
  })

  test('agrees with multiformats wherever both read a CID', () => {
    const number = fc.oneof(fc.nat(300), fc.nat(2 ** 31 - 1), fc.constantFrom(DAG_CBOR, BLAKE2B_256))
    fc.assert(
      fc.property(
        number,
        number,
        fc.uint8Array({ maxLength: 64 }),
        fc.uint8Array({ maxLength: 5 }),
        (codec, hash, digest, rest) => {
          const varint = (value: number): number[] =>
            value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)]
          const bytes = Uint8Array.from([
            1,
            ...varint(codec),
            ...varint(hash),
            digest.length,
            ...digest,
            ...rest,
          ])
          const [theirs, theirRest] = CID.decodeFirst(bytes)
          const [ours, ourRest] = decodeCidPrefix(bytes)
          expect(toHex(ours.bytes)).toBe(toHex(theirs.bytes))
          expect([ours.version, ours.code, ours.multihash.code]).toEqual([1, codec, hash])
          expect(toHex(ours.multihash.bytes)).toBe(toHex(theirs.multihash.bytes))
          expect(toHex(ourRest)).toBe(toHex(theirRest))
          expect(decodeCidAt(Uint8Array.from([9, ...bytes]), 1)[1]).toBe(1 + ours.bytes.length)
        },
      ),
      { seed: 1, numRuns: 500 },
    )
  })

  test('arbitrary bytes are a CID or refused with a code, never otherwise', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          const [cid, end] = decodeCidAt(bytes, 0)
          expect(end).toBeLessThanOrEqual(bytes.length)
          expect(cidEquals(decodeCid(cid.bytes), cid)).toBe(true)
        } catch (error) {
          expect(error).toHaveProperty('code', 'cid/malformed')
        }
      }),
      { seed: 1, numRuns: 2000 },
    )
  })
})

describe('parseCid', () => {
  test('reads base32, base36 and base58', () => {
    const cid = parseCid(EMPTY_ARRAY)
    expect(String(parseCid('QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG'))).toMatch(/^Qm/)
    expect(cidEquals(parseCid(cid.toString(base36)), cid)).toBe(true)
  })

  test.each(['', 'x', 'bafy', 'not a cid', `${EMPTY_ARRAY}a`, 'f0155'])('refuses %j', (text) => {
    expectCode(() => parseCid(text), 'cid/malformed')
  })
})

describe('keys', () => {
  test('are equal exactly for equal CIDs', () => {
    const cid = parseCid(EMPTY_ARRAY)
    expect(cidKey(cid)).toBe(cidKey(decodeCid(cid.bytes.slice())))
    expect(cidKey(cid)).not.toBe(cidKey(cidOf(crypto, RAW, hex('80'))))
    expect(cidEquals(cid, decodeCid(cid.bytes.slice()))).toBe(true)
    expect(cidEquals(cid, cidOf(crypto, RAW, hex('80')))).toBe(false)
    expect(cidEquals(cid, cidOf(crypto, DAG_CBOR, hex('81')))).toBe(false)
    expect(cidEquals(cid, decodeCid(hex('01710000')))).toBe(false)
    expect(bytesKey(hex('00ff41'))).toBe('\u0000\u00ffA')
  })
})
