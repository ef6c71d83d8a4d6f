import { bls12_381 } from '@noble/curves/bls12-381.js'
import { type Bls12381, loadCrypto } from '@troupe/crypto'
import { createPrecompiles, type Precompile, rowsOfFork } from '@troupe/runtime-evm'
import { expect, it } from 'vitest'
import { toHex } from './hex.ts'
import { run } from './run.ts'

const crypto = await loadCrypto()
const { G1, G2, pairingBatch } = bls12_381
const { Fp2, Fp12, Fr } = bls12_381.fields

const number = (bytes: Uint8Array, start: number, length = 48): bigint =>
  BigInt(`0x${toHex(bytes.slice(start, start + length))}`)
const text = (values: readonly bigint[], length: number): string =>
  values.map((value) => value.toString(16).padStart(2 * length, '0')).join('')
const pointOf1 = (bytes: Uint8Array, at = 0): typeof G1.Point.BASE =>
  G1.Point.fromAffine({ x: number(bytes, at), y: number(bytes, at + 48) })
const pointOf2 = (bytes: Uint8Array, at = 0): typeof G2.Point.BASE =>
  G2.Point.fromAffine({
    x: Fp2.fromBigTuple([number(bytes, at), number(bytes, at + 48)]),
    y: Fp2.fromBigTuple([number(bytes, at + 96), number(bytes, at + 144)]),
  })

/** A library as providers may have one, made of the portable one. */
const library: Bls12381 = {
  g1MultiScalar(points, scalars) {
    let sum = G1.Point.ZERO
    for (let i = 0; i < scalars.length / 32; i++)
      sum = sum.add(pointOf1(points, i * 96).multiplyUnsafe(Fr.create(number(scalars, i * 32, 32))))
    if (sum.is0()) return new Uint8Array(96)
    const { x, y } = sum.toAffine()
    return Uint8Array.fromHex(text([x, y], 48))
  },
  g2MultiScalar(points, scalars) {
    let sum = G2.Point.ZERO
    for (let i = 0; i < scalars.length / 32; i++)
      sum = sum.add(pointOf2(points, i * 192).multiplyUnsafe(Fr.create(number(scalars, i * 32, 32))))
    if (sum.is0()) return new Uint8Array(192)
    const { x, y } = sum.toAffine()
    return Uint8Array.fromHex(text([x.c0, x.c1, y.c0, y.c1], 48))
  },
  isInG1: (point) => pointOf1(point).isTorsionFree(),
  isInG2: (point) => pointOf2(point).isTorsionFree(),
  isPairingOne(pairs) {
    const list = Array.from({ length: pairs.length / 288 }, (_, i) => ({
      g1: pointOf1(pairs, i * 288),
      g2: pointOf2(pairs, i * 288 + 96),
    }))
    return Fp12.eql(pairingBatch(list), Fp12.ONE)
  },
  mapToG1(element) {
    const { x, y } = (G1.mapToCurve as unknown as (value: bigint) => typeof G1.Point.BASE)(
      number(element, 0),
    ).toAffine()
    return Uint8Array.fromHex(text([x, y], 48))
  },
  mapToG2(element) {
    const map = G2.mapToCurve as unknown as (value: bigint[]) => typeof G2.Point.BASE
    const { x, y } = map([number(element, 0), number(element, 48)]).toAffine()
    return Uint8Array.fromHex(text([x.c0, x.c1, y.c0, y.c1], 48))
  },
}

function at(address: number, isFast: boolean): Precompile {
  const provider = isFast ? { ...crypto, bls12381: () => library } : crypto
  return createPrecompiles(rowsOfFork('osaka'), provider).get(address) ?? expect.fail()
}

const one = G1.Point.BASE.toAffine()
const two = G2.Point.BASE.toAffine()
const P = text([one.x, one.y], 64)
const MINUS_P = text([one.x, G1.Point.BASE.negate().toAffine().y], 64)
const Q = text([two.x.c0, two.x.c1, two.y.c0, two.y.c1], 64)
const [ZERO1, ZERO2] = ['0'.repeat(256), '0'.repeat(512)]
/** A point of the curve that is not in G1: (0, 2). */
const OUTSIDE = text([0n, 2n], 64)
const OFF = text([1n, 1n], 64)
const k = (value: bigint): string => text([value], 32)

it.each([
  ['sums in G1', 0x0c, P + k(3n) + P + k(Fr.ORDER - 1n)],
  ['a sum in G1 that is the identity', 0x0c, P + k(1n) + MINUS_P + k(1n)],
  ['the identity among the terms', 0x0c, ZERO1 + k(3n) + P + k(2n ** 256n - 1n)],
  ['the identity alone', 0x0c, ZERO1 + k(3n)],
  ['a point outside of G1', 0x0c, OUTSIDE + k(3n)],
  ['a point off the curve', 0x0c, P + k(3n) + OFF + k(3n)],
  ['half a term', 0x0c, P],
  ['no term', 0x0c, ''],
  ['sums in G2', 0x0e, Q + k(3n) + ZERO2 + k(5n) + Q + k(Fr.ORDER)],
  ['half a term in G2', 0x0e, Q],
  ['a pair and its opposite', 0x0f, P + Q + MINUS_P + Q],
  ['one pair', 0x0f, P + Q],
  ['pairs with the identity', 0x0f, ZERO1 + Q + P + ZERO2],
  ['a pair with a point outside of G1', 0x0f, OUTSIDE + Q],
  ['no pair', 0x0f, ''],
  ['an element that is mapped', 0x10, text([7n], 64)],
  ['an element that is none', 0x10, 'ff'.repeat(64)],
  ['an element of the extension that is mapped', 0x11, text([7n, 9n], 64)],
  ['half an element of the extension', 0x11, text([7n], 64)],
])('a library gives what there is without one: %s', (_, address, input) => {
  expect(run(at(address, true), input)).toBe(run(at(address, false), input))
})
