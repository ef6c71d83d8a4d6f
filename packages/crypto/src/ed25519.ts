import { ed25519 } from '@noble/curves/ed25519.js'
import { bytesToNumberLE } from '@noble/curves/utils.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { undefinedIfMalformed } from './malformed.ts'

const { Point } = ed25519
const { Fn } = Point

const KEY_LENGTH = 32
const SIGNATURE_LENGTH = 64

/**
 * {@link CryptoProvider.ed25519Verify} in portable JavaScript: ZIP 215, [8](S B - k A - R) = 0 with k of the bytes as they are.
 *
 * Not the library's own `verify`: that one takes every error, an exhausted stack too, for an invalid signature.
 */
export function ed25519Verify(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_LENGTH || publicKey.length !== KEY_LENGTH) return false
  const s = bytesToNumberLE(signature.subarray(KEY_LENGTH))
  if (s >= Fn.ORDER) return false
  const points = undefinedIfMalformed(() => ({
    r: Point.fromBytes(signature.subarray(0, KEY_LENGTH), true),
    key: Point.fromBytes(publicKey, true),
  }))
  if (points === undefined) return false
  const hash = sha512.create().update(signature.subarray(0, KEY_LENGTH)).update(publicKey).update(message)
  const k = Fn.create(bytesToNumberLE(hash.digest()))
  return Point.BASE.multiplyUnsafe(s)
    .subtract(points.key.multiplyUnsafe(k))
    .subtract(points.r)
    .clearCofactor()
    .is0()
}
