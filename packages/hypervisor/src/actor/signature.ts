/**
 * @module Signatures of accounts, and their verification.
 *
 * Source: ref-fvm release/v3 shared/src/crypto/signature.rs; lotus lib/sigs.
 */
import type { CryptoProvider } from '@troupe/crypto'
import type { CborReader, CborWriter, ValueCodec } from '@troupe/ipld'
import { type Address, AddressProtocol, addressEquals, secp256k1Address } from '../address/address.ts'
import { HypervisorError } from '../errors.ts'

/** The kinds of signature. */
export const SignatureType = { SECP256K1: 1, BLS: 2, DELEGATED: 3 } as const

/**
 * A kind of signature. The FVM knows 1 and 2; 3, an Ethereum transaction's, is checked by the node before execution. Of senders whose own code says which messages
 * are theirs (`withAbstractAccounts`) it is 3, with data that only that code understands.
 */
export type SignatureType = (typeof SignatureType)[keyof typeof SignatureType]

/** A signature with its kind. */
export interface Signature {
  readonly type: SignatureType
  /** secp256k1: r (32) ‖ s (32) ‖ recovery id; BLS: a point of G2 (96); delegated: as the kind of Ethereum transaction has it, 65 bytes or more. Any length can be encoded. */
  readonly data: Uint8Array
}

/** Length of a secp256k1 signature, in bytes. */
export const SECP256K1_SIGNATURE_LENGTH = 65
/** Length of a BLS signature, in bytes. */
export const BLS_SIGNATURE_LENGTH = 96

/** Whether a number is that of a kind of signature. */
export function isSignatureType(value: number): value is SignatureType {
  return value === SignatureType.SECP256K1 || value === SignatureType.BLS || value === SignatureType.DELEGATED
}

/** Signatures in CBOR: a byte string, the kind and then the data. */
export const signatureCodec: ValueCodec<Signature> = { encode: writeSignature, decode: readSignature }

/** Writes a signature as {@link signatureCodec} says. */
export function writeSignature(writer: CborWriter, signature: Signature): void {
  const bytes = new Uint8Array(1 + signature.data.length)
  bytes[0] = signature.type
  bytes.set(signature.data, 1)
  writer.bytes(bytes)
}

/**
 * Reads a signature as {@link signatureCodec} says.
 * @throws {IpldError} cbor/…
 * @throws {HypervisorError} signature/malformed
 */
export function readSignature(reader: CborReader): Signature {
  const bytes = reader.bytes()
  const type = bytes[0] ?? 0
  if (!isSignatureType(type)) {
    throw new HypervisorError('signature/malformed', `there is no kind of signature ${type}`)
  }
  return { type, data: bytes.slice(1) }
}

/**
 * Whether `signer` has signed `data`. The digest that a secp256k1 key signs is blake2b-256 of the data; a BLS key signs the data itself.
 * Anything that does not fit (lengths, points, the kind of address) makes an invalid signature.
 *
 * @param signer an f1 or f3 address; f0 and f2 have to be resolved to the key of their account before
 * @throws {HypervisorError} signature/unsupported for delegated signatures, which sign an Ethereum transaction instead of the data
 */
export function verifySignature(
  crypto: CryptoProvider,
  signature: Signature,
  signer: Address,
  data: Uint8Array,
): boolean {
  switch (signature.type) {
    case SignatureType.SECP256K1:
      return verifySecp256k1(crypto, signature.data, signer, data)
    case SignatureType.BLS:
      return (
        signer.protocol === AddressProtocol.BLS &&
        signature.data.length === BLS_SIGNATURE_LENGTH &&
        crypto.blsVerify(signature.data, [data], [signer.payload])
      )
    case SignatureType.DELEGATED:
      throw new HypervisorError(
        'signature/unsupported',
        'a delegated signature signs an Ethereum transaction and cannot be verified against other bytes',
      )
  }
}

function verifySecp256k1(
  crypto: CryptoProvider,
  signature: Uint8Array,
  signer: Address,
  data: Uint8Array,
): boolean {
  if (signer.protocol !== AddressProtocol.SECP256K1 || signature.length !== SECP256K1_SIGNATURE_LENGTH) {
    return false
  }
  const publicKey = crypto.secp256k1Recover(crypto.blake2b(data, 32), signature)
  return publicKey !== undefined && addressEquals(secp256k1Address(crypto, publicKey), signer)
}
