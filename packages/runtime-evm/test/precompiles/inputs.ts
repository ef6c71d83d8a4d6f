/** @module Inputs of precompiles to try: well formed ones, and such with a byte changed, cut short, or drawn out. */
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { bn254 } from '@noble/curves/bn254.js'
import { p256 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import fc from 'fast-check'
import { fromHex, word } from './hex.ts'

type Digits = fc.Arbitrary<string>

/** Inputs for the precompile at an address. */
export function inputsOf(address: number): fc.Arbitrary<Uint8Array> {
  const wellFormed = WELL_FORMED[address]
  if (wellFormed === undefined) throw new Error(`no inputs for ${address}`)
  const bytes = wellFormed.map(fromHex)
  return fc.oneof(
    { weight: 4, arbitrary: bytes },
    { weight: 3, arbitrary: fc.tuple(bytes, fc.nat(), fc.nat(255)).map(change) },
    {
      weight: 2,
      arbitrary: fc.tuple(bytes, fc.nat()).map(([all, end]) => all.slice(0, end % (all.length + 1))),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(bytes, fc.uint8Array({ maxLength: 40 }))
        .map(([all, more]) => Uint8Array.of(...all, ...more)),
    },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 400 }) },
  )
}

function change([bytes, at, value]: [Uint8Array, number, number]): Uint8Array {
  if (bytes.length > 0) bytes[at % bytes.length] = value
  return bytes
}

const uint256 = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
  fc.bigInt({ min: 0n, max: 3n }),
  fc.constantFrom(
    2n ** 256n - 1n,
    bls12_381.fields.Fr.ORDER,
    bls12_381.fields.Fr.ORDER - 1n,
    bn254.fields.Fr.ORDER,
    bn254.fields.Fp.ORDER,
  ),
)
/** A scalar of any of the curves, not 0. */
const scalar = fc.oneof(fc.bigInt({ min: 1n, max: 5n }), fc.bigInt({ min: 1n, max: 2n ** 250n }))
const words: Digits = uint256.map(word)
const bytes: Digits = fc
  .uint8Array({ maxLength: 300 })
  .map((all) => [...all].map((byte) => byte.toString(16).padStart(2, '0')).join(''))

const bnG1: Digits = fc.oneof(
  { weight: 6, arbitrary: scalar.map((k) => bnG1Digits(k)) },
  { weight: 1, arbitrary: fc.constant(word(0n) + word(0n)) },
  { weight: 1, arbitrary: fc.tuple(words, words).map((all) => all.join('')) },
)
function bnG1Digits(k: bigint): string {
  const { x, y } = bn254.G1.Point.BASE.multiplyUnsafe(k).toAffine()
  return word(x) + word(y)
}
function bnG2Digits(k: bigint): string {
  const { x, y } = bn254.G2.Point.BASE.multiplyUnsafe(k).toAffine()
  return word(x.c1) + word(x.c0) + word(y.c1) + word(y.c0)
}
/** A point of the curve that is not in G2: what the first x that has a y gives. */
const bnOutside: string = (() => {
  const { Fp2 } = bn254.fields
  for (let i = 1n; ; i++) {
    const x = Fp2.fromBigTuple([i, 0n])
    const square = Fp2.add(Fp2.mul(Fp2.sqr(x), x), bn254.G2.Point.CURVE().b)
    if (!Fp2.eql(Fp2.pow(square, (Fp2.ORDER - 1n) / 2n), Fp2.ONE)) continue
    const y = Fp2.sqrt(square)
    return word(x.c1) + word(x.c0) + word(y.c1) + word(y.c0)
  }
})()
const bnG2: Digits = fc.oneof(
  { weight: 6, arbitrary: scalar.map(bnG2Digits) },
  { weight: 1, arbitrary: fc.constant(word(0n).repeat(4)) },
  { weight: 1, arbitrary: fc.constant(bnOutside) },
)
/** e(aP, bQ) e(-abP, Q) is one. */
const bnBalanced: Digits = fc
  .tuple(fc.bigInt({ min: 1n, max: 2n ** 120n }), fc.bigInt({ min: 1n, max: 2n ** 120n }))
  .map(([a, b]) => bnG1Digits(a) + bnG2Digits(b) + bnG1Digits(bn254.fields.Fr.ORDER - a * b) + bnG2Digits(1n))

const fp = (value: bigint): string => value.toString(16).padStart(128, '0')
const fps: Digits = fc.oneof(
  { weight: 6, arbitrary: fc.bigInt({ min: 0n, max: bls12_381.fields.Fp.ORDER - 1n }).map(fp) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(0n, 1n, bls12_381.fields.Fp.ORDER - 1n, bls12_381.fields.Fp.ORDER).map(fp),
  },
)
function blsG1Digits(k: bigint): string {
  const { x, y } = bls12_381.G1.Point.BASE.multiplyUnsafe(k).toAffine()
  return fp(x) + fp(y)
}
function blsG2Digits(k: bigint): string {
  const { x, y } = bls12_381.G2.Point.BASE.multiplyUnsafe(k).toAffine()
  return fp(x.c0) + fp(x.c1) + fp(y.c0) + fp(y.c1)
}
/** (4, y) and (2, y) with y of the extension: on the curves, and of another order than their subgroups. */
const blsOutside1: string = (() => {
  const { Fp } = bls12_381.fields
  for (let x = 1n; ; x++) {
    const square = Fp.add(Fp.mul(Fp.sqr(x), x), 4n)
    if (Fp.pow(square, (Fp.ORDER - 1n) / 2n) === 1n) return fp(x) + fp(Fp.sqrt(square))
  }
})()
const blsOutside2: string = (() => {
  const { Fp2 } = bls12_381.fields
  for (let i = 1n; ; i++) {
    const x = Fp2.fromBigTuple([i, 0n])
    const square = Fp2.add(Fp2.mul(Fp2.sqr(x), x), bls12_381.G2.Point.CURVE().b)
    if (!Fp2.eql(Fp2.pow(square, (Fp2.ORDER - 1n) / 2n), Fp2.ONE)) continue
    const y = Fp2.sqrt(square)
    return fp(x.c0) + fp(x.c1) + fp(y.c0) + fp(y.c1)
  }
})()
const blsG1: Digits = fc.oneof(
  { weight: 7, arbitrary: scalar.map(blsG1Digits) },
  { weight: 1, arbitrary: fc.constantFrom(fp(0n).repeat(2), blsOutside1) },
)
const blsG2: Digits = fc.oneof(
  { weight: 7, arbitrary: scalar.map(blsG2Digits) },
  { weight: 1, arbitrary: fc.constantFrom(fp(0n).repeat(4), blsOutside2) },
)
const blsBalanced: Digits = fc
  .tuple(fc.bigInt({ min: 1n, max: 2n ** 120n }), fc.bigInt({ min: 1n, max: 2n ** 120n }))
  .map(
    ([a, b]) =>
      blsG1Digits(a) + blsG2Digits(b) + blsG1Digits(bls12_381.fields.Fr.ORDER - a * b) + blsG2Digits(1n),
  )

const joined = (...parts: Digits[]): Digits => fc.tuple(...parts).map((all) => all.join(''))
const repeated = (part: Digits, maxLength: number): Digits =>
  fc.array(part, { maxLength }).map((all) => all.join(''))

/** Lengths that operands have, or are only said to have. */
const modexpLength = fc.oneof(
  { weight: 12, arbitrary: fc.bigInt({ min: 0n, max: 70n }) },
  { weight: 2, arbitrary: fc.constantFrom(0n, 1n, 8n, 32n, 33n, 64n, 1023n, 1024n, 1025n) },
)
const modexp: Digits = fc
  .tuple(modexpLength, modexpLength, modexpLength)
  .chain(([base, exponent, modulus]) => {
    const operand = (length: bigint): fc.Arbitrary<Uint8Array> =>
      fc.uint8Array({ minLength: Number(length), maxLength: Number(length) })
    return fc
      .tuple(operand(base), operand(exponent), operand(modulus))
      .map(
        (operands) =>
          word(base) +
          word(exponent) +
          word(modulus) +
          operands
            .map((each) => [...each].map((byte) => byte.toString(16).padStart(2, '0')).join(''))
            .join(''),
      )
  })

const digest = fc.uint8Array({ minLength: 32, maxLength: 32 })
const hexOf = (all: Uint8Array): string => [...all].map((byte) => byte.toString(16).padStart(2, '0')).join('')
const secretKey = fc.bigInt({ min: 1n, max: 2n ** 255n }).map((key) => fromHex(word(key)))

const ecRecover: Digits = fc.tuple(digest, secretKey, fc.boolean()).map(([message, key, high]) => {
  const signature = secp256k1.sign(message, key, { prehash: false, format: 'recovered', lowS: true })
  const recovery = signature[0] as number
  const s = BigInt(`0x${hexOf(signature.subarray(33))}`)
  const flipped = secp256k1.Point.Fn.ORDER - s
  return (
    hexOf(message) +
    word(BigInt(27 + (high ? 1 - recovery : recovery))) +
    hexOf(signature.subarray(1, 33)) +
    word(high ? flipped : s)
  )
})
const p256Verify: Digits = fc
  .tuple(digest, secretKey)
  .map(
    ([message, key]) =>
      hexOf(message) +
      hexOf(p256.sign(message, key, { prehash: false })) +
      hexOf(p256.getPublicKey(key, false).subarray(1)),
  )
const blake2f: Digits = fc
  .tuple(fc.nat(30), fc.uint8Array({ minLength: 208, maxLength: 208 }), fc.nat(1))
  .map(([rounds, rest, final]) => [rounds.toString(16).padStart(8, '0'), hexOf(rest), `0${final}`].join(''))

const WELL_FORMED: Readonly<Record<number, Digits>> = {
  1: ecRecover,
  2: bytes,
  3: bytes,
  4: bytes,
  5: modexp,
  6: joined(bnG1, bnG1),
  7: joined(bnG1, words),
  8: fc.oneof(bnBalanced, repeated(joined(bnG1, bnG2), 3)),
  9: blake2f,
  11: joined(blsG1, blsG1),
  12: repeated(joined(blsG1, words), 5),
  13: joined(blsG2, blsG2),
  14: repeated(joined(blsG2, words), 4),
  15: fc.oneof(blsBalanced, repeated(joined(blsG1, blsG2), 3)),
  16: fps,
  17: joined(fps, fps),
  256: p256Verify,
}
