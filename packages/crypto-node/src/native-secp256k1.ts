import { createRequire } from 'node:module'
import type { CryptoProvider } from '@troupe/crypto'

/** The secp256k1 methods of a {@link CryptoProvider}. */
export type Secp256k1 = Pick<CryptoProvider, 'secp256k1Recover' | 'secp256k1Sign' | 'secp256k1Verify'>

/** The part of the `secp256k1` package used here. It throws a plain `Error` for input that it refuses. */
interface Secp256k1Package {
  ecdsaRecover(signature: Uint8Array, recoveryId: number, digest: Uint8Array, compressed: boolean): Uint8Array
  ecdsaVerify(signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): boolean
  ecdsaSign(
    digest: Uint8Array,
    secretKey: Uint8Array,
  ): { readonly signature: Uint8Array; readonly recid: number }
  signatureNormalize(signature: Uint8Array): Uint8Array
}

/** The order of the group. */
const ORDER = 0xffff_ffff_ffff_ffff_ffff_ffff_ffff_fffe_baae_dce6_af48_a03b_bfd2_5e8c_d036_4141n

/**
 * libsecp256k1 as a native addon.
 *
 * It loads the package's binding and not its entry point: that one falls back to slow JavaScript without a word.
 *
 * @throws whatever loading an addon throws where there is none for this platform
 */
export function loadNativeSecp256k1(): { readonly name: string; readonly functions: Secp256k1 } {
  const require = createRequire(import.meta.url)
  const native = require('secp256k1/bindings.js') as Secp256k1Package
  const { version } = require('secp256k1/package.json') as { version: string }
  return { name: `secp256k1 ${version} (native)`, functions: secp256k1Of(native) }
}

function secp256k1Of(native: Secp256k1Package): Secp256k1 {
  return {
    secp256k1Recover(digest, signature) {
      const recoveryId = signature[64]
      if (digest.length !== 32 || signature.length !== 65 || recoveryId === undefined || recoveryId > 3) {
        return undefined
      }
      return undefinedIfRefused(() =>
        native.ecdsaRecover(signature.subarray(0, 64), recoveryId, digest, false),
      )
    },

    secp256k1Sign(digest, secretKey) {
      if (digest.length !== 32 || secretKey.length !== 32) return undefined
      const signed = undefinedIfRefused(() => native.ecdsaSign(withinOrder(digest), secretKey))
      if (signed === undefined) return undefined
      const signature = new Uint8Array(65)
      signature.set(signed.signature)
      signature[64] = signed.recid
      return signature
    },

    secp256k1Verify(digest, signature, publicKey) {
      if (digest.length !== 32 || signature.length !== 64 || !isSecPublicKey(publicKey)) return false
      // libsecp256k1 verifies low-s signatures only, and normalises in place.
      return (
        undefinedIfRefused(() =>
          native.ecdsaVerify(native.signatureNormalize(signature.slice()), digest, publicKey),
        ) ?? false
      )
    },
  }
}

/** libsecp256k1 also parses the hybrid form (0x06, 0x07), which SEC 1 has and the other implementations do not. */
function isSecPublicKey(bytes: Uint8Array): boolean {
  switch (bytes[0]) {
    case 0x02:
    case 0x03:
      return bytes.length === 33
    case 0x04:
      return bytes.length === 65
    default:
      return false
  }
}

/** A digest modulo the order, from which RFC 6979 makes the nonce. libsecp256k1 makes it from the digest as it is. */
function withinOrder(digest: Uint8Array): Uint8Array {
  if (digest[0] !== 0xff) return digest
  const number = digest.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
  if (number < ORDER) return digest
  const reduced = new Uint8Array(32)
  for (let at = 31, rest = number - ORDER; at >= 0; at--, rest >>= 8n) reduced[at] = Number(rest & 0xffn)
  return reduced
}

function undefinedIfRefused<T>(call: () => T): T | undefined {
  try {
    return call()
  } catch (error) {
    if (error instanceof Error && error.constructor === Error) return undefined
    throw error
  }
}
