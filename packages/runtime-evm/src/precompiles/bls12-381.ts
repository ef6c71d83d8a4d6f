/**
 * @module The precompiles over BLS12-381 (EIP-2537): addition and sums of multiples in G1 and G2, the check that a product of pairings is one, and the maps of
 * fields to curves.
 */
import { mulAddUnsafe } from '@noble/curves/abstract/curve.js'
import type { WeierstrassPoint, WeierstrassPointCons } from '@noble/curves/abstract/weierstrass.js'
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { concatBytes } from '@noble/curves/utils.js'
import type { Bls12381 } from '@troupe/crypto'
import {
  elementsOf,
  encodeG1,
  encodeG2,
  FP_LENGTH,
  FP2_LENGTH,
  G1_LENGTH,
  G2_LENGTH,
  type PointG1,
  type PointG2,
  padElements,
  readFp,
  readFp2,
  readG1,
  readG2,
  readScalar,
  SCALAR_LENGTH,
} from './bls12-381-codec.ts'
import type {
  PrecompileCrypto,
  PrecompileFailure,
  PrecompileFunction,
  PrecompileResult,
} from './precompile.ts'

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
export function createG1MultiScalar(crypto: PrecompileCrypto): PrecompileFunction {
  return (input) => {
    const library = crypto.bls12381?.()
    if (library === undefined) return g1MultiScalar(input)
    const read = (offset: number): PointG1 | PrecompileFailure => readG1(input, offset, library)
    const terms = readTerms(input, G1_LENGTH, read)
    return typeof terms === 'string' ? terms : padElements(library.g1MultiScalar(terms.points, terms.scalars))
  }
}

/** What is summed up: points and scalars for a library, without those terms whose point is the identity. */
function readTerms(
  input: Uint8Array,
  pointLength: number,
  readPoint: (offset: number) => PointG1 | PointG2 | PrecompileFailure,
): { readonly points: Uint8Array; readonly scalars: Uint8Array } | PrecompileFailure {
  const itemLength = pointLength + SCALAR_LENGTH
  if (input.length === 0 || input.length % itemLength !== 0) return 'input-length'
  const points: Uint8Array[] = []
  const scalars: Uint8Array[] = []
  for (let offset = 0; offset < input.length; offset += itemLength) {
    const point = readPoint(offset)
    if (typeof point === 'string') return point
    if (point.is0()) continue
    points.push(elementsOf(input, offset, pointLength))
    scalars.push(input.subarray(offset + pointLength, offset + itemLength))
  }
  return { points: concatBytes(...points), scalars: concatBytes(...scalars) }
}

function g1MultiScalar(input: Uint8Array): PrecompileResult {
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
export function createG2MultiScalar(crypto: PrecompileCrypto): PrecompileFunction {
  return (input) => {
    const library = crypto.bls12381?.()
    if (library === undefined) return g2MultiScalar(input)
    const read = (offset: number): PointG2 | PrecompileFailure => readG2(input, offset, library)
    const terms = readTerms(input, G2_LENGTH, read)
    return typeof terms === 'string' ? terms : padElements(library.g2MultiScalar(terms.points, terms.scalars))
  }
}

function g2MultiScalar(input: Uint8Array): PrecompileResult {
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
export function createPairingCheck(crypto: PrecompileCrypto): PrecompileFunction {
  return (input) => {
    if (input.length === 0 || input.length % PAIR_LENGTH !== 0) return 'input-length'
    const library = crypto.bls12381?.()
    const isOne = library === undefined ? isPairingOne(input) : isPairingOneBy(library, input)
    return typeof isOne === 'string' ? isOne : new Uint8Array(32).fill(isOne ? 1 : 0, 31)
  }
}

function isPairingOneBy(library: Bls12381, input: Uint8Array): boolean | PrecompileFailure {
  const pairs: Uint8Array[] = []
  for (let offset = 0; offset < input.length; offset += PAIR_LENGTH) {
    const g1 = readG1(input, offset, library)
    if (typeof g1 === 'string') return g1
    const g2 = readG2(input, offset + G1_LENGTH, library)
    if (typeof g2 === 'string') return g2
    // The pairing with the identity is one.
    if (!g1.is0() && !g2.is0()) pairs.push(elementsOf(input, offset, PAIR_LENGTH))
  }
  return library.isPairingOne(concatBytes(...pairs))
}

function isPairingOne(input: Uint8Array): boolean | PrecompileFailure {
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
  return Fp12.eql(Fp12.finalExponentiate(product), Fp12.ONE)
}

/** BLS12_MAP_FP_TO_G1 at 0x10: the point that RFC 9380 maps an element of the field to. */
export function createMapFpToG1(crypto: PrecompileCrypto): PrecompileFunction {
  return (input) => {
    const element = readMapped(input)
    if (typeof element === 'string') return element
    const library = crypto.bls12381?.()
    return library === undefined
      ? encodeG1(mapToG1(element))
      : padElements(library.mapToG1(elementsOf(input, 0, FP_LENGTH)))
  }
}

/** The element of the field that is mapped, or why there is none. */
export function readMapped(input: Uint8Array): bigint | PrecompileFailure {
  return input.length === FP_LENGTH ? readFp(input, 0) : 'input-length'
}

/** BLS12_MAP_FP2_TO_G2 at 0x11: the point that RFC 9380 maps an element of the extension to. */
export function createMapFp2ToG2(crypto: PrecompileCrypto): PrecompileFunction {
  return (input) => {
    const element = readMapped2(input)
    if (typeof element === 'string') return element
    const library = crypto.bls12381?.()
    return library === undefined
      ? encodeG2(mapToG2([...element]))
      : padElements(library.mapToG2(elementsOf(input, 0, FP2_LENGTH)))
  }
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
