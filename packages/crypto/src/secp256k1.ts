import { secp256k1 } from '@noble/curves/secp256k1.js'
import { bytesToNumberBE } from '@noble/curves/utils.js'
import { undefinedIfMalformed } from './malformed.ts'

const { Point, Signature } = secp256k1
const { Fn } = Point

/**
 * {@link CryptoProvider.secp256k1Recover} in portable JavaScript.
 *
 * High-s signatures recover the same key as their low-s twin with the recovery id flipped: the equation has both signs in it, so
 * nothing needs to be normalised first. Source: ref-fvm shared/src/crypto/signature.rs `recover_secp_public_key`.
 */
export function secp256k1Recover(digest: Uint8Array, signature: Uint8Array): Uint8Array | undefined {
  const recoveryId = signature[64]
  if (digest.length !== 32 || signature.length !== 65 || recoveryId === undefined || recoveryId > 3) {
    return undefined
  }
  return undefinedIfMalformed(() =>
    Signature.fromBytes(signature.subarray(0, 64), 'compact')
      .addRecoveryBit(recoveryId)
      .recoverPublicKey(digest)
      .toBytes(false),
  )
}

/** {@link CryptoProvider.secp256k1Verify} in portable JavaScript. */
export function secp256k1Verify(digest: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean {
  if (digest.length !== 32 || signature.length !== 64) return false
  const decoded = undefinedIfMalformed(() => ({
    rs: Signature.fromBytes(signature, 'compact'),
    key: Point.fromBytes(publicKey),
  }))
  if (decoded === undefined) return false
  // SEC 1, section 4.1.4, and not the library's own `verify`: that one takes every error, an exhausted stack too, for an invalid
  // signature.
  const { r, s } = decoded.rs
  const inverse = Fn.inv(s)
  const z = Fn.create(bytesToNumberBE(digest))
  const point = Point.BASE.mulAddUnsafe(Fn.mul(z, inverse), decoded.key, Fn.mul(r, inverse))
  return !point.is0() && Fn.create(point.toAffine().x) === r
}

/** {@link CryptoProvider.secp256k1Sign} in portable JavaScript. */
export function secp256k1Sign(digest: Uint8Array, secretKey: Uint8Array): Uint8Array | undefined {
  if (digest.length !== 32 || !secp256k1.utils.isValidSecretKey(secretKey)) return undefined
  // The library puts the recovery id first.
  const recovered = secp256k1.sign(digest, secretKey, { prehash: false, format: 'recovered' })
  const signature = new Uint8Array(65)
  signature.set(recovered.subarray(1))
  signature[64] = recovered[0] as number
  return signature
}
