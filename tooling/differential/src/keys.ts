import { bls12_381 } from '@noble/curves/bls12-381.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import type { CryptoProvider } from '@troupe/crypto'
import { type Address, blsAddress, secp256k1Address } from '@troupe/hypervisor'

/** A key that signs: for tests, made of a small number. */
export interface Key {
  readonly address: Address
  /** Signs as an account's key does; the signature has no type byte. */
  sign(plaintext: Uint8Array): Uint8Array
}

function secret(number: number): Uint8Array {
  const bytes = new Uint8Array(32)
  bytes[31] = number
  return bytes
}

/** A secp256k1 key. */
export function secp256k1Key(crypto: CryptoProvider, number: number): Key {
  const key = secret(number)
  return {
    address: secp256k1Address(crypto, secp256k1.getPublicKey(key, false)),
    sign: (plaintext) => {
      const digest = crypto.blake2b(plaintext, 32)
      const signed = secp256k1.sign(digest, key, { prehash: false, format: 'recovered' })
      return Uint8Array.from([...signed.subarray(1), ...signed.subarray(0, 1)])
    },
  }
}

/** A BLS key. */
export function blsKey(number: number): Key {
  const key = secret(number)
  const { getPublicKey, hash, sign, Signature } = bls12_381.longSignatures
  return {
    address: blsAddress(getPublicKey(key).toBytes(true)),
    sign: (plaintext) => Signature.toBytes(sign(hash(plaintext), key)),
  }
}
