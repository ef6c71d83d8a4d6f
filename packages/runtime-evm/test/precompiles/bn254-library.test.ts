import { bn254 } from '@noble/curves/bn254.js'
import { type Bn254, loadCrypto } from '@troupe/crypto'
import { createPrecompiles, type Precompile, rowsOfFork } from '@troupe/runtime-evm'
import { expect, it } from 'vitest'
import { toHex, word } from './hex.ts'
import { run } from './run.ts'

const crypto = await loadCrypto()
const { G1, G2, pairingBatch } = bn254
const { Fp, Fp2, Fp12, Fr } = bn254.fields

const BN_G1 = word(1n) + word(2n)
const BN_NEGATIVE = word(1n) + word(Fp.ORDER - 2n)
const BN_G2 =
  word(11559732032986387107991004021392285783925812861821192530917403151452391805634n) +
  word(10857046999023057135944570762232829481370756359578518086990519993285655852781n) +
  word(4082367875863433681332203403145435568316851327593401208105741076214120093531n) +
  word(8495653923123431417604973247489272438418190587263600148770280649306958101930n)
/** A point of the twist that is not in G2. */
const BN_OUTSIDE =
  word(0n) +
  word(1n) +
  '2351dcdda257b62181cbd745dfee16d5fdf4eb185bbcf33c20a0fe6eaa9cb4a3' +
  '07fb3d558dafafb6bf6dd326a5fefe0beca3f9ac3bd999a390d504fad34b0b8c'
const ZEROS = '0'.repeat(128)

/** A library as providers may have one, made of the portable one, that minds what it is promised. */
function strictLibrary(): { readonly library: Bn254; readonly calls: string[] } {
  const calls: string[] = []
  const wordAt = (bytes: Uint8Array, offset: number): bigint =>
    BigInt(`0x${toHex(bytes.slice(offset, offset + 32))}`)
  const g1 = (bytes: Uint8Array): typeof G1.Point.BASE => {
    const point = G1.Point.fromAffine({ x: wordAt(bytes, 0), y: wordAt(bytes, 32) })
    point.assertValidity()
    return point
  }
  const g2 = (bytes: Uint8Array): typeof G2.Point.BASE => {
    const [x1, x0, y1, y0] = [0, 32, 64, 96].map((at) => wordAt(bytes, at)) as [
      bigint,
      bigint,
      bigint,
      bigint,
    ]
    return G2.Point.fromAffine({ x: Fp2.fromBigTuple([x0, x1]), y: Fp2.fromBigTuple([y0, y1]) })
  }
  const library: Bn254 = {
    multiply(point, scalar) {
      calls.push('multiply')
      expect([point.length, scalar.length]).toEqual([64, 32])
      expect(wordAt(scalar, 0)).toBeLessThan(Fr.ORDER)
      const product = g1(point).multiplyUnsafe(wordAt(scalar, 0))
      if (product.is0()) return new Uint8Array(64)
      const { x, y } = product.toAffine()
      return Uint8Array.fromHex(word(x) + word(y))
    },
    isInG2(point) {
      calls.push('isInG2')
      expect(point).toHaveLength(128)
      return g2(point).isTorsionFree()
    },
    isPairingOne(pairs) {
      calls.push('isPairingOne')
      const list = Array.from({ length: pairs.length / 192 }, (_, index) => {
        const pair = pairs.slice(index * 192, (index + 1) * 192)
        return { g1: g1(pair), g2: g2(pair.slice(64)) }
      })
      return Fp12.eql(pairingBatch(list), Fp12.ONE)
    },
  }
  return { library, calls }
}

function at(address: number, library?: Bn254): Precompile {
  const provider = library === undefined ? crypto : { ...crypto, bn254: () => library }
  return createPrecompiles(rowsOfFork('osaka'), provider).get(address) ?? expect.fail()
}

const pairOf = (g1: string, g2: string): string => g1 + g2

it.each([
  ['a point', BN_G1 + word(7n), true],
  ['a number beyond the order', BN_G1 + word(2n ** 256n - 1n), true],
  ['the order', BN_G1 + word(Fr.ORDER), true],
  ['0', BN_G1, true],
  ['more input than counts', `${BN_G1 + word(5n)}ff`, true],
  ['the identity', ZEROS + word(7n), false],
  ['nothing', '', false],
  ['a point off the curve', word(1n) + word(1n) + word(7n), false],
  ['a coordinate beyond the modulus', word(Fp.ORDER) + word(2n) + word(7n), false],
])('a point is multiplied by a library as without one: %s', (_, input, isAsked) => {
  const { calls, library } = strictLibrary()
  expect(run(at(0x07, library), input)).toBe(run(at(0x07), input))
  expect(calls).toEqual(isAsked ? ['multiply'] : [])
})

it.each([
  ['no pairs', ''],
  ['one pair', pairOf(BN_G1, BN_G2)],
  ['a pair and its opposite', pairOf(BN_G1, BN_G2) + pairOf(BN_NEGATIVE, BN_G2)],
  ['seventeen pairs', pairOf(BN_G1, BN_G2).repeat(17)],
  ['the identity on either side', pairOf(ZEROS, BN_G2) + pairOf(BN_G1, ZEROS + ZEROS)],
  ['the identity between others', pairOf(BN_G1, BN_G2) + pairOf(ZEROS, BN_G2) + pairOf(BN_NEGATIVE, BN_G2)],
  ['a point outside of G2', pairOf(BN_G1, BN_OUTSIDE)],
  ['a point outside of G2 with the identity', pairOf(ZEROS, BN_OUTSIDE)],
  [
    'a point outside of G2 before one off the curve',
    pairOf(BN_G1, BN_OUTSIDE) + pairOf(word(1n) + word(1n), BN_G2),
  ],
  ['a point off the curve', pairOf(word(1n) + word(1n), BN_G2)],
  ['a point off the twist', pairOf(BN_G1, word(1n) + word(1n) + word(1n) + word(1n))],
  ['a coordinate beyond the modulus', pairOf(BN_G1, word(Fp.ORDER) + BN_G2.slice(64))],
  ['half a pair', BN_G1],
])('pairings are taken by a library as without one: %s', (_, input) => {
  const { library } = strictLibrary()
  expect(run(at(0x08, library), input)).toBe(run(at(0x08), input))
})
