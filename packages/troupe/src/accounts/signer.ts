/** @module Keys that sign messages. */
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { ed25519 } from '@noble/curves/ed25519.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { ed25519Address } from '@troupe/actors'
import { BLS_SIGNATURE_DST, type CryptoProvider } from '@troupe/crypto'
import {
  type Address,
  blsAddress,
  type Message,
  messageCid,
  type Signature,
  SignatureType,
  type SignedMessage,
  secp256k1Address,
} from '@troupe/hypervisor'
import { TroupeError } from '../errors.ts'

/** A key that signs, and the address that it signs for. */
export interface Signer {
  /** f1 or f3; whatever names the actor where its own code judges signatures. */
  readonly address: Address
  /** Signs any bytes, as an account of this key signs the bytes of a message's CID. */
  sign(data: Uint8Array): Signature
}

/**
 * A secp256k1 key, whose address is an f1. Signatures are deterministic (RFC 6979): r (32) ‖ s (32, low) ‖ recovery id over blake2b-256 of the data.
 * @param secretKey 32 bytes, from 1 to the order of the curve
 * @param address the address of the key, where it is known: computing it takes as long as signing
 * @throws {TroupeError} account/bad-key
 */
export function secp256k1Signer(
  crypto: CryptoProvider,
  secretKey: Uint8Array,
  address: Address = addressOf(crypto, secretKey),
): Signer {
  const key = secretKey.slice()
  return {
    address,
    sign: (data) => ({
      type: SignatureType.SECP256K1,
      data: signDigest(crypto, crypto.blake2b(data, 32), key),
    }),
  }
}

/**
 * A BLS key, whose address is an f3. Signatures are points of G2, 96 bytes.
 * @param secretKey 32 bytes, big-endian, from 1 to the order of the group
 * @throws {TroupeError} account/bad-key
 */
export function blsSigner(secretKey: Uint8Array): Signer {
  const key = secretKey.slice()
  const scheme = bls12_381.longSignatures
  return {
    address: blsAddress(publicKeyOf(() => scheme.getPublicKey(withinOrder(key)).toBytes())),
    sign: (data) => ({
      type: SignatureType.BLS,
      data: scheme.sign(scheme.hash(data, BLS_SIGNATURE_DST), key).toBytes(),
    }),
  }
}

/**
 * An Ed25519 key, whose address is an f411: a sender on networks that have the namespace (`withAbstractAccounts`). Signatures are those of RFC 8032, 64 bytes.
 * @param secretKey 32 bytes: the seed of RFC 8032
 * @throws {TroupeError} account/bad-key
 */
export function ed25519Signer(secretKey: Uint8Array): Signer {
  const key = secretKey.slice()
  return {
    address: ed25519Address(publicKeyOf(() => ed25519.getPublicKey(key))),
    sign: (data) => ({ type: SignatureType.DELEGATED, data: ed25519.sign(data, key) }),
  }
}

/** Signs a message. Its sender should be the signer's address, or an actor of that key. */
export function signMessage(crypto: CryptoProvider, signer: Signer, message: Message): SignedMessage {
  return { message, signature: signer.sign(messageCid(crypto, message).bytes) }
}

function addressOf(crypto: CryptoProvider, secretKey: Uint8Array): Address {
  return secp256k1Address(
    crypto,
    publicKeyOf(() => secp256k1.getPublicKey(secretKey, false)),
  )
}

/** The library would reduce a number beyond the order, and sign for the key that is left. */
function withinOrder(key: Uint8Array): Uint8Array {
  const number = key.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
  if (number >= bls12_381.fields.Fr.ORDER) throw new RangeError('beyond the order of the group')
  return key
}

/** The library throws plain errors for numbers that are no key. */
function publicKeyOf(derive: () => Uint8Array): Uint8Array {
  try {
    return derive()
  } catch (cause) {
    throw new TroupeError('account/bad-key', 'these bytes are not a secret key', { cause })
  }
}

/**
 * A secp256k1 signature of 32 bytes: r (32) ‖ s (32, low) ‖ recovery id.
 * @throws {TroupeError} account/bad-key
 */
export function signDigest(crypto: CryptoProvider, digest: Uint8Array, key: Uint8Array): Uint8Array {
  const signature = crypto.secp256k1Sign(digest, key)
  if (signature === undefined) throw new TroupeError('account/bad-key', 'these bytes are not a secret key')
  return signature
}
