import { bn254 } from '@noble/curves/bn254.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat, toBigEndian, toHex } from '../../crypto/test/bytes.ts'
import { loadMclBn254 } from '../src/mcl-curve.ts'

const { G1, G2, pairingBatch } = bn254
const { Fp, Fp2, Fp12, Fr } = bn254.fields
const curve = loadMclBn254()

type PointG1 = typeof G1.Point.BASE
type PointG2 = typeof G2.Point.BASE

const word = (value: bigint): Uint8Array => toBigEndian(value, 32)

function g1Bytes(point: PointG1): Uint8Array {
  if (point.is0()) return new Uint8Array(64)
  const { x, y } = point.toAffine()
  return concat(word(x), word(y))
}

function g2Bytes(point: PointG2): Uint8Array {
  const { x, y } = point.toAffine()
  return concat(word(x.c1), word(x.c0), word(y.c1), word(y.c0))
}

const scalars = fc.oneof(
  fc.bigInt({ min: 1n, max: Fr.ORDER - 1n }),
  fc.constantFrom(
    1n,
    2n,
    3n,
    Fr.ORDER - 1n,
    Fr.ORDER - 2n,
    (Fr.ORDER - 1n) / 2n,
    2n ** 127n,
    2n ** 128n - 1n,
  ),
)

describe('mcl on BN254', () => {
  it('multiplies points as the portable library does, down to the identity', () => {
    fc.assert(
      fc.property(scalars, scalars, (a, b) => {
        const point = G1.Point.BASE.multiply(a)
        expect(toHex(curve.multiply(g1Bytes(point), word(b)))).toBe(toHex(g1Bytes(point.multiplyUnsafe(b))))
      }),
      { seed: 1, numRuns: 15 },
    )
    const point = g1Bytes(G1.Point.BASE)
    expect(curve.multiply(point, word(0n))).toEqual(new Uint8Array(64))
    expect(curve.multiply(point, word(1n))).toEqual(point)
  })

  it('tells points of G2 from others of the twist', () => {
    for (const scalar of [1n, 2n, 0xc0ffeen, Fr.ORDER - 1n])
      expect(curve.isInG2(g2Bytes(G2.Point.BASE.multiply(scalar)))).toBe(true)
    // Points of the twist by their x, nearly all of which are of another order.
    let outside = 0
    for (let x0 = 1n; outside < 4; x0++) {
      const x = Fp2.fromBigTuple([x0, 0n])
      const square = Fp2.add(Fp2.mul(Fp2.sqr(x), x), G2.Point.CURVE().b)
      let y: typeof square
      try {
        y = Fp2.sqrt(square)
      } catch {
        continue
      }
      outside++
      expect(curve.isInG2(g2Bytes(G2.Point.fromAffine({ x, y })))).toBe(false)
    }
  })

  it.each([0, 1, 15, 16, 17, 33])(
    'finds out whether the product of %i pairings and their opposite is one',
    (count) => {
      const exponents = Array.from(
        { length: count },
        (_, index) => [BigInt(index + 2), BigInt(3 * index + 5)] as const,
      )
      const sum = exponents.reduce((total, [a, b]) => Fr.add(total, Fr.mul(a, b)), 0n)
      const pairs = exponents.map(([a, b]) =>
        concat(g1Bytes(G1.Point.BASE.multiply(a)), g2Bytes(G2.Point.BASE.multiply(b))),
      )
      if (sum === 0n) {
        expect(curve.isPairingOne(new Uint8Array())).toBe(true)
        return
      }
      const last = (exponent: bigint): Uint8Array =>
        concat(g1Bytes(G1.Point.BASE.multiply(exponent).negate()), g2Bytes(G2.Point.BASE))
      expect(curve.isPairingOne(concat(...pairs, last(sum)))).toBe(true)
      expect(curve.isPairingOne(concat(...pairs, last(Fr.add(sum, 1n))))).toBe(false)
      expect(curve.isPairingOne(concat(...pairs))).toBe(false)
    },
  )

  it('agrees with the portable library about single pairings of generators and their opposites', () => {
    const [p, q] = [G1.Point.BASE, G2.Point.BASE]
    for (const [g1, g2] of [
      [p, q],
      [p.negate(), q],
      [p, q.negate()],
    ] as const) {
      const isOne = Fp12.eql(
        pairingBatch([
          { g1, g2 },
          { g1: p.negate(), g2: q },
        ]),
        Fp12.ONE,
      )
      const bytes = concat(g1Bytes(g1), g2Bytes(g2), g1Bytes(p.negate()), g2Bytes(q))
      expect(curve.isPairingOne(bytes)).toBe(isOne)
    }
    expect(Fp.ORDER).toBe(21888242871839275222246405745257275088696311157297823662689037894645226208583n)
  })
})
