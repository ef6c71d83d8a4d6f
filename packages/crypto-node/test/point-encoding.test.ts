/**
 * blst is the library below the reference's BLS signatures. Its binding for Node cannot verify them (its domain separation tag is
 * fixed), but it reads the same points.
 *
 * @module
 */
import { PublicKey, SecretKey, Signature } from '@chainsafe/blst'
import { type CryptoProvider, loadCrypto } from '@troupe/crypto'
import { loadNodeCrypto } from '@troupe/crypto-node'
import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { flipBit, fromHex, pattern, toBigEndian, toHex } from '../../crypto/test/bytes.ts'
import { BLS_FIELD, blsKeyWithSmallX, blsPublicKey, blsSign } from '../../crypto/test/signers.ts'

let providers: CryptoProvider[]
beforeAll(async () => {
  providers = await Promise.all([loadNodeCrypto(), loadCrypto()])
})

function blstReads(read: () => unknown): boolean {
  try {
    read()
    return true
  } catch {
    return false
  }
}

/** A coordinate around zero, the field's order or the largest number of 381 bits. */
const coordinate = fc
  .tuple(fc.constantFrom(0n, BLS_FIELD, (1n << 381n) - 20n), fc.bigInt({ min: 0n, max: 19n }), fc.boolean())
  .map(([base, offset, below]) => (below && base > offset ? base - offset : base + offset))
const edges = fc.tuple(
  fc.constantFrom(0x00, 0x20, 0x40, 0x60, 0x80, 0xa0, 0xc0, 0xe0),
  coordinate,
  coordinate,
)

describe('signatures', () => {
  const reads = (bytes: Uint8Array) => {
    // Validated as the reference does it: in the subgroup, the identity allowed.
    const expected = blstReads(() => Signature.fromBytes(bytes, true, false))
    for (const provider of providers) {
      expect(toHex(provider.blsAggregate([bytes]))).toBe(expected ? toHex(bytes) : undefined)
    }
    return expected
  }

  it('are read exactly where blst reads them, at the edges of the encoding', () => {
    fc.assert(
      fc.property(edges, ([flags, c1, c0]) => {
        const bytes = Uint8Array.from([...toBigEndian(c1, 48), ...toBigEndian(c0, 48)])
        bytes[0] = ((bytes[0] as number) & 0x1f) | flags
        reads(bytes)
      }),
      { seed: 21, numRuns: 150 },
    )
  })

  it('are read exactly where blst reads them, with one bit turned over', () => {
    const signature = blsSign(pattern(9), 5n)
    expect(reads(signature)).toBe(true)
    for (let bit = 0; bit < 8; bit++) reads(flipBit(signature, bit))
    for (let bit = 8; bit < 768; bit += 41) reads(flipBit(signature, bit))
    const identity = fromHex(`c0${'00'.repeat(95)}`)
    expect(reads(identity)).toBe(true)
    for (let bit = 0; bit < 768; bit += 7) expect(reads(flipBit(identity, bit))).toBe(false)
  })
})

describe('keys', () => {
  it('are the same bytes as those of blst', () => {
    for (const secret of [1n, 7n, 1n << 200n]) {
      const key = SecretKey.fromBytes(toBigEndian(secret, 32)).toPublicKey().toBytes(true)
      expect(toHex(blsPublicKey(secret))).toBe(toHex(key))
    }
  })

  it('with coordinates that are not reduced are refused by blst too', () => {
    const { canonical, redundant } = blsKeyWithSmallX()
    expect(blstReads(() => PublicKey.fromBytes(canonical, true))).toBe(true)
    expect(blstReads(() => PublicKey.fromBytes(redundant, true))).toBe(false)
  })
})
