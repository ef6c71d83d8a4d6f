import { p256 } from '@noble/curves/nist.js'
import { toBigint } from './padded-input.ts'

const { Point } = p256
const { Fp, Fn } = Point
const B = BigInt('0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b')

const INPUT_LENGTH = 160

/**
 * P256VERIFY at 0x0100: whether an ECDSA signature over secp256r1 is valid (EIP-7951; RIP-7212 differs in its price). It never fails: the output is the word
 * 1 where the signature is valid, and empty where it is not or the input is malformed.
 *
 * Shape: digest (32) ‖ r ‖ s ‖ x and y of the public key, words of 32 bytes. Any s below the order of the group will do.
 */
export function p256Verify(input: Uint8Array): Uint8Array {
  const isValid = input.length === INPUT_LENGTH && isValidSignature(input)
  return isValid ? new Uint8Array(32).fill(1, 31) : new Uint8Array(0)
}

/** SEC 1, section 4.1.4, and not the library's own `verify`: that one takes every error, an exhausted stack too, for an invalid signature. */
function isValidSignature(input: Uint8Array): boolean {
  const word = (index: number): bigint => toBigint(input.subarray(32 * index, 32 * index + 32))
  const [digest, r, s, x, y] = [word(0), word(1), word(2), word(3), word(4)]
  if (!Fn.isValidNot0(r) || !Fn.isValidNot0(s) || !Fp.isValid(x) || !Fp.isValid(y)) return false
  // (0, 0), which the library takes for the identity, is not on the curve.
  const right = Fp.add(Fp.mul(x, Fp.sub(Fp.sqr(x), 3n)), B)
  if (Fp.sqr(y) !== right) return false
  const inverse = Fn.inv(s)
  const u1 = Fn.mul(Fn.create(digest), inverse)
  const u2 = Fn.mul(r, inverse)
  const point = Point.BASE.mulAddUnsafe(u1, Point.fromAffine({ x, y }), u2)
  return !point.is0() && Fn.create(point.toAffine().x) === r
}
