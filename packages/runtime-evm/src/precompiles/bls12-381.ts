/**
 * @module The precompiles over BLS12-381 (EIP-2537): addition and sums of multiples in G1 and G2, the check that a product of pairings is one, and the maps of
 * fields to curves.
 */
import { mulAddUnsafe } from '@noble/curves/abstract/curve.js'
import type { WeierstrassPoint, WeierstrassPointCons } from '@noble/curves/abstract/weierstrass.js'
import { bls12_381 } from '@noble/curves/bls12-381.js'
import {
  encodeG1,
  encodeG2,
  FP_LENGTH,
  FP2_LENGTH,
  G1_LENGTH,
  G2_LENGTH,
  type PointG1,
  type PointG2,
  readFp,
  readFp2,
  readG1,
  readG2,
  readScalar,
  SCALAR_LENGTH,
} from './bls12-381-codec.ts'
import type { PrecompileFailure, PrecompileResult } from './precompile.ts'

const { G1, G2, pairingBatch } = bls12_381
const { Fp12 } = bls12_381.fields

// The library's types say what its maps were before they were wrapped: these take one number, or the two of an extension, and give points.
const mapToG1 = G1.mapToCurve as unknown as (element: bigint) => PointG1
const mapToG2 = G2.mapToCurve as unknown as (element: bigint[]) => PointG2

const PAIR_LENGTH = G1_LENGTH + G2_LENGTH

/** How many pairings share one Miller loop. It bounds the memory of an input of any length; more would save little more. */
const PAIRS_PER_LOOP = 16

/** How many multiples share their doublings. Each has a small table, which this bounds; with so many, buckets (Pippenger) are no faster. */
const POINTS_PER_SUM = 256

/** BLS12_G1ADD at 0x0b: the sum of two points of the curve, in G1 or not. */
export function g1Add(input: Uint8Array): PrecompileResult {
  const points = readG1Terms(input)
  return typeof points === 'string' ? points : encodeG1(points[0].add(points[1]))
}

/** The points that are added, or why there are not two. */
export function readG1Terms(input: Uint8Array): readonly [PointG1, PointG1] | PrecompileFailure {
  if (input.length !== 2 * G1_LENGTH) return 'input-length'
  const left = readG1(input, 0, 'curve')
  if (typeof left === 'string') return left
  const right = readG1(input, G1_LENGTH, 'curve')
  return typeof right === 'string' ? right : [left, right]
}

/** BLS12_G2ADD at 0x0d: the sum of two points of the curve, in G2 or not. */
export function g2Add(input: Uint8Array): PrecompileResult {
  const points = readG2Terms(input)
  return typeof points === 'string' ? points : encodeG2(points[0].add(points[1]))
}

/** The points that are added, or why there are not two. */
export function readG2Terms(input: Uint8Array): readonly [PointG2, PointG2] | PrecompileFailure {
  if (input.length !== 2 * G2_LENGTH) return 'input-length'
  const left = readG2(input, 0, 'curve')
  if (typeof left === 'string') return left
  const right = readG2(input, G2_LENGTH, 'curve')
  return typeof right === 'string' ? right : [left, right]
}

/** BLS12_G1MSM at 0x0c: the sum of points of G1, each times a scalar. */
export function g1MultiScalar(input: Uint8Array): PrecompileResult {
  const itemLength = G1_LENGTH + SCALAR_LENGTH
  if (input.length === 0 || input.length % itemLength !== 0) return 'input-length'
  const points: PointG1[] = []
  const scalars: bigint[] = []
  for (let offset = 0; offset < input.length; offset += itemLength) {
    const point = readG1(input, offset, 'subgroup')
    if (typeof point === 'string') return point
    points.push(point)
    scalars.push(readScalar(input, offset + G1_LENGTH))
  }
  return encodeG1(sumOfMultiples(G1.Point, points, scalars))
}

/** BLS12_G2MSM at 0x0e: the sum of points of G2, each times a scalar. */
export function g2MultiScalar(input: Uint8Array): PrecompileResult {
  const itemLength = G2_LENGTH + SCALAR_LENGTH
  if (input.length === 0 || input.length % itemLength !== 0) return 'input-length'
  const points: PointG2[] = []
  const scalars: bigint[] = []
  for (let offset = 0; offset < input.length; offset += itemLength) {
    const point = readG2(input, offset, 'subgroup')
    if (typeof point === 'string') return point
    points.push(point)
    scalars.push(readScalar(input, offset + G2_LENGTH))
  }
  return encodeG2(sumOfMultiples(G2.Point, points, scalars))
}

/** BLS12_PAIRING_CHECK at 0x0f: the word 1 or 0, whether the product of the pairings of all pairs of points is one. */
export function pairingCheck(input: Uint8Array): PrecompileResult {
  if (input.length === 0 || input.length % PAIR_LENGTH !== 0) return 'input-length'
  let product = Fp12.ONE
  let pairs: { g1: PointG1; g2: PointG2 }[] = []
  for (let offset = 0; offset < input.length; offset += PAIR_LENGTH) {
    const g1 = readG1(input, offset, 'subgroup')
    if (typeof g1 === 'string') return g1
    const g2 = readG2(input, offset + G1_LENGTH, 'subgroup')
    if (typeof g2 === 'string') return g2
    // The library refuses to pair with the identity, whose pairing is one.
    if (!g1.is0() && !g2.is0()) pairs.push({ g1, g2 })
    if (pairs.length < PAIRS_PER_LOOP) continue
    product = Fp12.mul(product, pairingBatch(pairs, false))
    pairs = []
  }
  product = Fp12.mul(product, pairingBatch(pairs, false))
  const isOne = Fp12.eql(Fp12.finalExponentiate(product), Fp12.ONE)
  return new Uint8Array(32).fill(isOne ? 1 : 0, 31)
}

/** BLS12_MAP_FP_TO_G1 at 0x10: the point that RFC 9380 maps an element of the field to. */
export function mapFpToG1(input: Uint8Array): PrecompileResult {
  const element = readMapped(input)
  return typeof element === 'string' ? element : encodeG1(mapToG1(element))
}

/** The element of the field that is mapped, or why there is none. */
export function readMapped(input: Uint8Array): bigint | PrecompileFailure {
  return input.length === FP_LENGTH ? readFp(input, 0) : 'input-length'
}

/** BLS12_MAP_FP2_TO_G2 at 0x11: the point that RFC 9380 maps an element of the extension to. */
export function mapFp2ToG2(input: Uint8Array): PrecompileResult {
  const element = readMapped2(input)
  return typeof element === 'string' ? element : encodeG2(mapToG2([...element]))
}

/** The element of the extension that is mapped, or why there is none. */
export function readMapped2(input: Uint8Array): readonly [bigint, bigint] | PrecompileFailure {
  return input.length === FP2_LENGTH ? readFp2(input, 0) : 'input-length'
}

/** Multiplies and adds up, part after part. */
function sumOfMultiples<F>(
  curve: WeierstrassPointCons<F>,
  points: WeierstrassPoint<F>[],
  scalars: bigint[],
): WeierstrassPoint<F> {
  let sum = curve.ZERO
  for (let i = 0; i < points.length; i += POINTS_PER_SUM) {
    const part = [points.slice(i, i + POINTS_PER_SUM), scalars.slice(i, i + POINTS_PER_SUM)] as const
    sum = sum.add(mulAddUnsafe(curve, ...part))
  }
  return sum
}
