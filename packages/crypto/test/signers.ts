/**
 * Keys and signatures for tests, made with noble.
 *
 * @module
 */

import { expand_message_xmd } from '@noble/curves/abstract/hash-to-curve.js'
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { bytesToNumberBE } from '@noble/curves/utils.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concat, toBigEndian } from './bytes.ts'

export const SECP256K1_ORDER: bigint = secp256k1.Point.Fn.ORDER
export const SECP256K1_FIELD: bigint = secp256k1.Point.Fp.ORDER
export const BLS_FIELD: bigint = bls12_381.fields.Fp.ORDER
/** The tag of Ethereum's scheme, whose signatures Filecoin does not accept. */
export const BLS_POP_DST = 'BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_'

export function secp256k1PublicKey(secret: bigint, compressed = false): Uint8Array {
  return secp256k1.getPublicKey(toBigEndian(secret, 32), compressed)
}

/** r || s || recovery id, with a low s. */
export function secp256k1Sign(digest: Uint8Array, secret: bigint): Uint8Array {
  const signed = secp256k1.sign(digest, toBigEndian(secret, 32), { prehash: false, format: 'recovered' })
  return concat(signed.subarray(1), signed.subarray(0, 1))
}

/** The other signature of the same message by the same key: n - s, and the other parity of R. */
export function secp256k1Twin(signature: Uint8Array): Uint8Array {
  const s = bytesToNumberBE(signature.subarray(32, 64))
  return concat(
    signature.subarray(0, 32),
    toBigEndian(SECP256K1_ORDER - s, 32),
    Uint8Array.of((signature[64] as number) ^ 1),
  )
}

/** A signature for which the only key would be the point at infinity: s R = z G. */
export function secp256k1SignatureOfInfinity(digest: Uint8Array): Uint8Array {
  const { Fn, BASE } = secp256k1.Point
  const nonce = 0x1234567n
  const { x, y } = BASE.multiply(nonce).toAffine()
  const s = Fn.mul(Fn.create(bytesToNumberBE(digest)), Fn.inv(nonce))
  return concat(toBigEndian(x, 32), toBigEndian(s, 32), Uint8Array.of(Number(y & 1n)))
}

export function blsPublicKey(secret: bigint): Uint8Array {
  return bls12_381.longSignatures.getPublicKey(toBigEndian(secret, 32)).toBytes(true)
}

export function blsSign(message: Uint8Array, secret: bigint, dst?: string): Uint8Array {
  const { hash, sign, Signature } = bls12_381.longSignatures
  return Signature.toBytes(sign(hash(message, dst), toBigEndian(secret, 32)))
}

/** The same point with another sign. */
export function blsNegate(signature: Uint8Array): Uint8Array {
  const { Signature } = bls12_381.longSignatures
  return Signature.toBytes(Signature.fromBytes(signature).negate())
}

/** A key whose x coordinate is small enough to be written a second time, with the field's order added. */
export function blsKeyWithSmallX(): { secret: bigint; canonical: Uint8Array; redundant: Uint8Array } {
  for (let secret = 1n; ; secret++) {
    const canonical = blsPublicKey(secret)
    const flags = (canonical[0] as number) & 0xe0
    const x = bls12_381.G1.Point.fromBytes(canonical).toAffine().x
    if (x + BLS_FIELD < 1n << 381n) {
      const redundant = toBigEndian(x + BLS_FIELD, 48)
      redundant[0] = (redundant[0] as number) | flags
      return { secret, canonical, redundant }
    }
  }
}

/**
 * A key to which a point of order 3 is added, and a signature to which one of order 2713 is. Pairings need not see such points, so that
 * only a check of the subgroup can refuse them.
 */
export function blsWithSmallOrder(
  secret: bigint,
  signature: Uint8Array,
): { key: Uint8Array; signature: Uint8Array } {
  const { Fp, Fp2 } = bls12_381.fields
  const { G1, G2 } = bls12_381
  const key = G1.Point.fromBytes(blsPublicKey(secret))
    .add(G1.Point.fromAffine({ x: 0n, y: 2n }))
    .toAffine()
  const keyBytes = toBigEndian(key.x, 48)
  keyBytes[0] = (keyBytes[0] as number) | 0x80 | (key.y * 2n > Fp.ORDER ? 0x20 : 0)

  const x = Fp2.fromBigTuple([2n, 0n])
  const y = Fp2.sqrt(Fp2.add(Fp2.pow(x, 3n), Fp2.fromBigTuple([4n, 4n])))
  let small = G2.Point.ZERO
  for (const bit of ((G2.Point.CURVE().h * G2.Point.Fn.ORDER) / 2713n).toString(2)) {
    small = small.double()
    if (bit === '1') small = small.add(G2.Point.fromAffine({ x, y }))
  }
  const sum = bls12_381.longSignatures.Signature.fromBytes(signature).add(small).toAffine()
  const signatureBytes = concat(toBigEndian(sum.x.c1, 48), toBigEndian(sum.x.c0, 48))
  signatureBytes[0] = (signatureBytes[0] as number) | 0x80 | (sum.y.c1 * 2n > Fp.ORDER ? 0x20 : 0)
  return { key: keyBytes, signature: signatureBytes }
}

/** `expand_message_xmd` of RFC 9380 with SHA-256. */
export function expandWithNoble(message: Uint8Array, dst: Uint8Array, length: number): Uint8Array {
  return expand_message_xmd(message, dst, length, sha256)
}
