/**
 * @module The precompiles over the curve that Ethereum calls alt_bn128 (EIP-196 and EIP-197): addition and multiplication in G1, and the check that a product
 * of pairings is one.
 *
 * Shape: numbers are words of 32 bytes; a point of G1 is x ‖ y, one of G2 x ‖ y, each the imaginary part ‖ the real part. All zeros are the identity.
 */
import type { WeierstrassPoint } from '@noble/curves/abstract/weierstrass.js'
import { bn254 } from '@noble/curves/bn254.js'
import type { Bn254 } from '@troupe/crypto'
import { paddedBytes, paddedWord, writeBigint } from './padded-input.ts'
import { passes } from './passes.ts'
import type {
  PrecompileCrypto,
  PrecompileFailure,
  PrecompileFunction,
  PrecompileResult,
} from './precompile.ts'

const { G1, G2, pairingBatch } = bn254
const { Fp, Fp2, Fp12, Fr } = bn254.fields

type PointG1 = WeierstrassPoint<bigint>
type PointG2 = typeof G2.Point.BASE

const G1_LENGTH = 64
const PAIR_LENGTH = 192
const B = 3n
const TWIST_B = G2.Point.CURVE().b

/** How many pairings share one Miller loop. It bounds the memory of an input of any length; more would save little more. */
const PAIRS_PER_LOOP = 16

/** BN254_ADD at 0x06: the sum of two points. Input is padded with zeros, and what is beyond 128 bytes does not count. */
export function bn254Add(input: Uint8Array): PrecompileResult {
  const points = readBn254Terms(input)
  return typeof points === 'string' ? points : encodeG1(points[0].add(points[1]))
}

/** The points that are added, or why there are not two. */
export function readBn254Terms(input: Uint8Array): readonly [PointG1, PointG1] | PrecompileFailure {
  const left = readG1(input, 0)
  if (typeof left === 'string') return left
  const right = readG1(input, G1_LENGTH)
  return typeof right === 'string' ? right : [left, right]
}

/** BN254_MUL at 0x07: a point times any number of 256 bits. Input is padded with zeros, and what is beyond 96 bytes does not count. */
export function createBn254Multiply(crypto: PrecompileCrypto): PrecompileFunction {
  return (input) => {
    const point = readG1(input, 0)
    if (typeof point === 'string') return point
    const scalar = Fr.create(paddedWord(input, G1_LENGTH))
    const library = crypto.bn254?.()
    if (library === undefined || point.is0()) return encodeG1(point.multiplyUnsafe(scalar))
    const word = new Uint8Array(32)
    writeBigint(word, 0, 32, scalar)
    return library.multiply(paddedBytes(input, 0, G1_LENGTH), word)
  }
}

/** BN254_PAIRING at 0x08: the word 1 or 0, whether the product of the pairings of all pairs of points is one. Of no pairs it is. */
export function createBn254Pairing(crypto: PrecompileCrypto): PrecompileFunction {
  return (input) => {
    if (input.length % PAIR_LENGTH !== 0) return 'input-length'
    const library = crypto.bn254?.()
    const isOne = library === undefined ? isPairingOne(input) : isPairingOneBy(library, input)
    return typeof isOne === 'string' ? isOne : new Uint8Array(32).fill(isOne ? 1 : 0, 31)
  }
}

function isPairingOne(input: Uint8Array): boolean | PrecompileFailure {
  let product = Fp12.ONE
  let pairs: { g1: PointG1; g2: PointG2 }[] = []
  for (let offset = 0; offset < input.length; offset += PAIR_LENGTH) {
    const g1 = readG1(input, offset)
    if (typeof g1 === 'string') return g1
    // The library remembers of a point that this has passed.
    const g2 = readG2(input, offset + G1_LENGTH, (point) => passes(() => point.assertValidity()))
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

function isPairingOneBy(library: Bn254, input: Uint8Array): boolean | PrecompileFailure {
  const pairs = new Uint8Array(input.length)
  let length = 0
  for (let offset = 0; offset < input.length; offset += PAIR_LENGTH) {
    const g1 = readG1(input, offset)
    if (typeof g1 === 'string') return g1
    const pair = input.subarray(offset, offset + PAIR_LENGTH)
    const g2 = readG2(input, offset + G1_LENGTH, () => library.isInG2(pair.subarray(G1_LENGTH)))
    if (typeof g2 === 'string') return g2
    // The pairing with the identity is one.
    if (g1.is0() || g2.is0()) continue
    pairs.set(pair, length)
    length += PAIR_LENGTH
  }
  return library.isPairingOne(pairs.subarray(0, length))
}

/** What the check of a product of pairings does with its input, as far as that takes time: for prices. */
export interface PairingWork {
  /** Pairs of points that are read, one that is refused included. */
  readonly read: number
  /** Points of G2 whose order is looked at: the identity's is known. */
  readonly orders: number
  /** Pairings; none where a point is refused. */
  readonly pairings: number
  /** Why a point is refused, but for one of another order, which takes long to tell. */
  readonly refused: PrecompileFailure | undefined
}

/** What {@link createBn254Pairing} does with an input of whole pairs. */
export function bn254PairingWork(input: Uint8Array): PairingWork {
  const work = { read: 0, orders: 0, pairings: 0 }
  for (let offset = 0; offset < input.length; offset += PAIR_LENGTH) {
    work.read++
    const g1 = readG1(input, offset)
    if (g1 === 'field-element') return { ...work, pairings: 0, refused: g1 }
    // The order of the second point is looked at before whether the first one is on its curve.
    const g2 = readG2(input, offset + G1_LENGTH, () => true)
    if (typeof g2 === 'string') return { ...work, pairings: 0, refused: g2 }
    if (!g2.is0()) work.orders++
    if (typeof g1 === 'string') return { ...work, pairings: 0, refused: g1 }
    if (!g1.is0() && !g2.is0()) work.pairings++
  }
  return { ...work, refused: undefined }
}

function readG1(input: Uint8Array, offset: number): PointG1 | PrecompileFailure {
  const x = paddedWord(input, offset)
  const y = paddedWord(input, offset + 32)
  if (!Fp.isValid(x) || !Fp.isValid(y)) return 'field-element'
  if (x === 0n && y === 0n) return G1.Point.ZERO
  // All points of the curve are of the protocol's order.
  const isOnCurve = Fp.sqr(y) === Fp.add(Fp.mul(Fp.sqr(x), x), B)
  return isOnCurve ? G1.Point.fromAffine({ x, y }) : 'not-on-curve'
}

/** @param isInG2 told a point of the twist that is not the identity */
function readG2(
  input: Uint8Array,
  offset: number,
  isInG2: (point: PointG2) => boolean,
): PointG2 | PrecompileFailure {
  const [x1, x0, y1, y0] = [0, 32, 64, 96].map((at) => paddedWord(input, offset + at)) as Tuple4<bigint>
  if (![x1, x0, y1, y0].every((element) => Fp.isValid(element))) return 'field-element'
  const x = Fp2.fromBigTuple([x0, x1])
  const y = Fp2.fromBigTuple([y0, y1])
  if (Fp2.is0(x) && Fp2.is0(y)) return G2.Point.ZERO
  if (!Fp2.eql(Fp2.sqr(y), Fp2.add(Fp2.mul(Fp2.sqr(x), x), TWIST_B))) return 'not-on-curve'
  const point = G2.Point.fromAffine({ x, y })
  return isInG2(point) ? point : 'not-in-subgroup'
}

type Tuple4<T> = [T, T, T, T]

function encodeG1(point: PointG1): Uint8Array {
  const bytes = new Uint8Array(G1_LENGTH)
  if (point.is0()) return bytes
  const { x, y } = point.toAffine()
  writeBigint(bytes, 0, 32, x)
  writeBigint(bytes, 32, 32, y)
  return bytes
}
