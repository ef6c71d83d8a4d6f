/**
 * @module Points and elements of fields of BLS12-381 as EIP-2537 writes them.
 *
 * Shape: an element of the field is 64 bytes, of which the first 16 are zero; one of its extension is the real part ‖ the imaginary part; a point is x ‖ y, and all
 * zeros are the identity. A scalar is any number of 32 bytes.
 */
import type { Fp2 as Fp2Element } from '@noble/curves/abstract/tower.js'
import type { WeierstrassPoint } from '@noble/curves/abstract/weierstrass.js'
import { bls12_381 } from '@noble/curves/bls12-381.js'
import type { Bls12381 } from '@troupe/crypto'
import { toBigint, writeBigint } from './padded-input.ts'
import { passes } from './passes.ts'
import type { PrecompileFailure } from './precompile.ts'

const { G1, G2 } = bls12_381
const { Fp, Fp2, Fr } = bls12_381.fields

/** A point of the curve over the field, which need not be in the subgroup G1. */
export type PointG1 = WeierstrassPoint<bigint>
/** A point of the curve over the extension, which need not be in the subgroup G2. */
export type PointG2 = WeierstrassPoint<Fp2Element>

/** Bytes of an element of the field and of its extension, of points and of a scalar. */
export const FP_LENGTH = 64
export const FP2_LENGTH = 128
export const G1_LENGTH = 128
export const G2_LENGTH = 256
export const SCALAR_LENGTH = 32

const PADDING = 16
const B1 = G1.Point.CURVE().b
const B2 = G2.Point.CURVE().b

/** Which points are taken: all of the curve, or those of the subgroup, found out by whom. Points are tested for their order only where it matters. */
export type PointScope = 'curve' | 'subgroup' | Bls12381

/** The element of the field at `offset`. */
export function readFp(input: Uint8Array, offset: number): bigint | PrecompileFailure {
  for (let i = 0; i < PADDING; i++) if (input[offset + i] !== 0) return 'field-element'
  const value = toBigint(input.subarray(offset + PADDING, offset + FP_LENGTH))
  return Fp.isValid(value) ? value : 'field-element'
}

/** The element of the extension at `offset`: real part and imaginary part. */
export function readFp2(input: Uint8Array, offset: number): readonly [bigint, bigint] | PrecompileFailure {
  const real = readFp(input, offset)
  if (typeof real === 'string') return real
  const imaginary = readFp(input, offset + FP_LENGTH)
  return typeof imaginary === 'string' ? imaginary : [real, imaginary]
}

/** The point of G1 at `offset`. */
export function readG1(input: Uint8Array, offset: number, scope: PointScope): PointG1 | PrecompileFailure {
  const x = readFp(input, offset)
  if (typeof x === 'string') return x
  const y = readFp(input, offset + FP_LENGTH)
  if (typeof y === 'string') return y
  if (x === 0n && y === 0n) return G1.Point.ZERO
  if (Fp.sqr(y) !== Fp.add(Fp.mul(Fp.sqr(x), x), B1)) return 'not-on-curve'
  const point = G1.Point.fromAffine({ x, y })
  if (scope === 'curve') return point
  // The library remembers of a point that this has passed.
  const isIn =
    scope === 'subgroup'
      ? passes(() => point.assertValidity())
      : scope.isInG1(elementsOf(input, offset, G1_LENGTH))
  return isIn ? point : 'not-in-subgroup'
}

/** The point of G2 at `offset`. */
export function readG2(input: Uint8Array, offset: number, scope: PointScope): PointG2 | PrecompileFailure {
  const xParts = readFp2(input, offset)
  if (typeof xParts === 'string') return xParts
  const yParts = readFp2(input, offset + FP2_LENGTH)
  if (typeof yParts === 'string') return yParts
  const x = Fp2.fromBigTuple([...xParts])
  const y = Fp2.fromBigTuple([...yParts])
  if (Fp2.is0(x) && Fp2.is0(y)) return G2.Point.ZERO
  if (!Fp2.eql(Fp2.sqr(y), Fp2.add(Fp2.mul(Fp2.sqr(x), x), B2))) return 'not-on-curve'
  const point = G2.Point.fromAffine({ x, y })
  if (scope === 'curve') return point
  const isIn =
    scope === 'subgroup'
      ? passes(() => point.assertValidity())
      : scope.isInG2(elementsOf(input, offset, G2_LENGTH))
  return isIn ? point : 'not-in-subgroup'
}

/** Elements of the field without what pads them. @param length with that */
export function elementsOf(input: Uint8Array, offset: number, length: number): Uint8Array {
  const count = length / FP_LENGTH
  const elements = new Uint8Array(count * (FP_LENGTH - PADDING))
  for (let i = 0; i < count; i++) {
    const start = offset + i * FP_LENGTH
    elements.set(input.subarray(start + PADDING, start + FP_LENGTH), i * (FP_LENGTH - PADDING))
  }
  return elements
}

/** Elements of the field with what pads them. */
export function padElements(elements: Uint8Array): Uint8Array {
  const length = FP_LENGTH - PADDING
  const bytes = new Uint8Array((elements.length / length) * FP_LENGTH)
  for (let i = 0; i * length < elements.length; i++)
    bytes.set(elements.subarray(i * length, (i + 1) * length), i * FP_LENGTH + PADDING)
  return bytes
}

/** The scalar at `offset`, reduced by the order of the subgroup, which changes no multiple of a point in it. */
export function readScalar(input: Uint8Array, offset: number): bigint {
  return Fr.create(toBigint(input.subarray(offset, offset + SCALAR_LENGTH)))
}

/** Writes a point of G1. */
export function encodeG1(point: PointG1): Uint8Array {
  const bytes = new Uint8Array(G1_LENGTH)
  if (point.is0()) return bytes
  const { x, y } = point.toAffine()
  writeElements(bytes, [x, y])
  return bytes
}

/** Writes a point of G2. */
export function encodeG2(point: PointG2): Uint8Array {
  const bytes = new Uint8Array(G2_LENGTH)
  if (point.is0()) return bytes
  const { x, y } = point.toAffine()
  writeElements(bytes, [x.c0, x.c1, y.c0, y.c1])
  return bytes
}

function writeElements(bytes: Uint8Array, elements: readonly bigint[]): void {
  for (const [i, element] of elements.entries())
    writeBigint(bytes, i * FP_LENGTH + PADDING, FP_LENGTH - PADDING, element)
}
