import { bls12_381 } from '@noble/curves/bls12-381.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat, toBigEndian, toHex } from '../../crypto/test/bytes.ts'
import { loadMclBls12381 } from '../src/mcl-curve.ts'

const { G1, G2 } = bls12_381
const { Fp, Fp2, Fr } = bls12_381.fields
const curve = loadMclBls12381()

type PointG1 = typeof G1.Point.BASE
type PointG2 = typeof G2.Point.BASE

const element = (value: bigint): Uint8Array => toBigEndian(value, 48)

function g1Bytes(point: PointG1): Uint8Array {
  if (point.is0()) return new Uint8Array(96)
  const { x, y } = point.toAffine()
  return concat(element(x), element(y))
}

function g2Bytes(point: PointG2): Uint8Array {
  if (point.is0()) return new Uint8Array(192)
  const { x, y } = point.toAffine()
  return concat(element(x.c0), element(x.c1), element(y.c0), element(y.c1))
}

/** Points of a curve by their x, which are nearly all outside of the subgroup. */
function outsideOf<F>(at: (x: bigint) => F, square: (x: F) => F, root: (square: F) => F): { x: F; y: F }[] {
  const points: { x: F; y: F }[] = []
  for (let number = 4n; number < 40n && points.length < 3; number++) {
    const x = at(number)
    try {
      points.push({ x, y: root(square(x)) })
    } catch {
      // No point has this x.
    }
  }
  return points
}

const EDGES = [0n, 1n, 2n, Fr.ORDER - 1n, Fr.ORDER, Fr.ORDER + 1n, 2n ** 255n, 2n ** 256n - 1n]

describe('mcl on BLS12-381', () => {
  it.each([0, 1, 8, 127, 128, 129])('sums up %i multiples as the portable library does', (count) => {
    const points = Array.from({ length: count }, (_, index) => BigInt(index * index + 1))
    const scalars = points.map((_, index) => EDGES[index % 9] ?? (2n ** 200n + BigInt(index)) * 3n ** 30n)
    const sum = points.reduce(
      (total, point, index) => Fr.add(total, Fr.mul(point, Fr.create(scalars[index] as bigint))),
      0n,
    )
    const words = concat(...scalars.map((scalar) => toBigEndian(scalar, 32)))
    const g1s = points.map((point) => g1Bytes(G1.Point.BASE.multiply(point)))
    expect(toHex(curve.g1MultiScalar(concat(...g1s), words))).toBe(
      toHex(g1Bytes(G1.Point.BASE.multiplyUnsafe(sum))),
    )
    const g2s = points.map((point) => g2Bytes(G2.Point.BASE.multiplyUnsafe(point)))
    expect(toHex(curve.g2MultiScalar(concat(...g2s), words))).toBe(
      toHex(g2Bytes(G2.Point.BASE.multiplyUnsafe(sum))),
    )
  })

  it('tells points of the subgroups from others of the curves', () => {
    for (const scalar of [1n, 2n, 0xc0ffeen, Fr.ORDER - 1n]) {
      expect(curve.isInG1(g1Bytes(G1.Point.BASE.multiply(scalar)))).toBe(true)
      expect(curve.isInG2(g2Bytes(G2.Point.BASE.multiply(scalar)))).toBe(true)
    }
    const ones = outsideOf(
      (x) => x,
      (x) => Fp.add(Fp.mul(Fp.sqr(x), x), G1.Point.CURVE().b),
      (square) => Fp.sqrt(square),
    )
    expect(ones).toHaveLength(3)
    for (const point of ones) expect(curve.isInG1(g1Bytes(G1.Point.fromAffine(point)))).toBe(false)
    const twos = outsideOf(
      (x) => Fp2.fromBigTuple([x, 1n]),
      (x) => Fp2.add(Fp2.mul(Fp2.sqr(x), x), G2.Point.CURVE().b),
      (square) => Fp2.sqrt(square),
    )
    expect(twos).toHaveLength(3)
    for (const point of twos) expect(curve.isInG2(g2Bytes(G2.Point.fromAffine(point)))).toBe(false)
  })

  it.each([0, 1, 15, 16, 33])(
    'finds out whether the product of %i pairings and their opposite is one',
    (count) => {
      const exponents = Array.from(
        { length: count },
        (_, index) => [BigInt(index + 2), BigInt(3 * index + 5)] as const,
      )
      const sum = exponents.reduce((total, [a, b]) => Fr.add(total, Fr.mul(a, b)), 0n)
      const pairs = exponents.map(([a, b]) =>
        concat(g1Bytes(G1.Point.BASE.multiplyUnsafe(a)), g2Bytes(G2.Point.BASE.multiplyUnsafe(b))),
      )
      if (sum === 0n) {
        expect(curve.isPairingOne(new Uint8Array())).toBe(true)
        return
      }
      const last = (exponent: bigint): Uint8Array =>
        concat(g1Bytes(G1.Point.BASE.multiplyUnsafe(exponent).negate()), g2Bytes(G2.Point.BASE))
      expect(curve.isPairingOne(concat(...pairs, last(sum)))).toBe(true)
      expect(curve.isPairingOne(concat(...pairs, last(Fr.add(sum, 1n))))).toBe(false)
      expect(curve.isPairingOne(concat(...pairs))).toBe(false)
    },
  )

  it('maps elements to points as the portable library does', () => {
    const mapToG1 = G1.mapToCurve as unknown as (value: bigint) => PointG1
    const mapToG2 = G2.mapToCurve as unknown as (value: bigint[]) => PointG2
    const elements = fc.oneof(
      fc.bigInt({ min: 0n, max: Fp.ORDER - 1n }),
      fc.constantFrom(0n, 1n, Fp.ORDER - 1n, Fp.ORDER - 2n),
    )
    fc.assert(
      fc.property(elements, elements, (a, b) => {
        expect(toHex(curve.mapToG1(element(a)))).toBe(toHex(g1Bytes(mapToG1(a))))
        expect(toHex(curve.mapToG2(concat(element(a), element(b))))).toBe(toHex(g2Bytes(mapToG2([a, b]))))
      }),
      {
        seed: 2,
        numRuns: 12,
        examples: [
          [0n, 0n],
          [0n, 1n],
          [1n, 0n],
        ],
      },
    )
  })
})
