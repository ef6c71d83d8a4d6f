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
  const isValid = judgeSignature(input) === 'verifiable' && isValidSignature(input)
  return isValid ? new Uint8Array(32).fill(1, 31) : new Uint8Array(0)
}

/** What can be said of a signature before it is verified: `malformed` by its length or its numbers, `no-key` where the key is not on the curve. */
export type SignatureForm = 'malformed' | 'no-key' | 'verifiable'

/** Looks at a signature, its key and their numbers, which takes no time to speak of. */
export function judgeSignature(input: Uint8Array): SignatureForm {
  if (input.length !== INPUT_LENGTH) return 'malformed'
  if (!Fn.isValidNot0(wordAt(input, 1)) || !Fn.isValidNot0(wordAt(input, 2))) return 'malformed'
  const [x, y] = [wordAt(input, 3), wordAt(input, 4)]
  if (!Fp.isValid(x) || !Fp.isValid(y)) return 'no-key'
  // (0, 0), which the library takes for the identity, is not on the curve.
  return Fp.sqr(y) === Fp.add(Fp.mul(x, Fp.sub(Fp.sqr(x), 3n)), B) ? 'verifiable' : 'no-key'
}

/** SEC 1, section 4.1.4, and not the library's own `verify`: that one takes every error, an exhausted stack too, for an invalid signature. */
function isValidSignature(input: Uint8Array): boolean {
  const [digest, r, s] = [wordAt(input, 0), wordAt(input, 1), wordAt(input, 2)]
  const key = Point.fromAffine({ x: wordAt(input, 3), y: wordAt(input, 4) })
  const inverse = Fn.inv(s)
  const point = Point.BASE.mulAddUnsafe(Fn.mul(Fn.create(digest), inverse), key, Fn.mul(r, inverse))
  return !point.is0() && Fn.create(point.toAffine().x) === r
}

function wordAt(input: Uint8Array, index: number): bigint {
  return toBigint(input.subarray(32 * index, 32 * index + 32))
}
