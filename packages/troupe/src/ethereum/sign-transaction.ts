/** @module Keys that sign as Ethereum's wallets do. */
import { concatBytes } from '@noble/curves/utils.js'
import type { CryptoProvider } from '@troupe/crypto'
import { type Address, type Message, SignatureType, type SignedMessage } from '@troupe/hypervisor'
import { readUint, word } from './rlp.ts'
import {
  type SignedTransaction,
  signingDigest,
  type Transaction,
  type TransactionKind,
  type TransactionSignature,
} from './transaction.ts'
import { delegatedSignature, unsignedTransaction } from './transaction-message.ts'

/** A secp256k1 key under the name that Ethereum has for it. */
export interface EthereumSigner {
  /** f410. */
  readonly delegated: Address
  /** Signs 32 bytes, which are a Keccak-256 of something. */
  signDigest(digest: Uint8Array): TransactionSignature
}

/** Signs a transaction. Signatures are deterministic (RFC 6979), with a low s. */
export function signTransaction(
  crypto: CryptoProvider,
  signer: EthereumSigner,
  transaction: Transaction,
): SignedTransaction {
  return { transaction, signature: signer.signDigest(signingDigest(crypto, transaction)) }
}

/**
 * Signs a message as the transaction with the same content.
 * @param chainId of the network that the message is for
 * @param kind Default: `eip1559`. The others have one gas price: gas fee cap and premium must be the same
 * @throws {TroupeError} message/… with the name of the field by which there is no such transaction
 */
export function signMessageAsTransaction(
  crypto: CryptoProvider,
  signer: EthereumSigner,
  message: Message,
  chainId: bigint,
  kind: TransactionKind = 'eip1559',
): SignedMessage {
  const signed = signTransaction(crypto, signer, unsignedTransaction(message, kind, chainId))
  return { message, signature: { type: SignatureType.DELEGATED, data: delegatedSignature(signed) } }
}

/** The digest that a wallet signs for a text or other bytes (EIP-191, version 0x45; `personal_sign`), 32 bytes. */
export function personalMessageDigest(crypto: CryptoProvider, message: Uint8Array): Uint8Array {
  const prefix = `\x19Ethereum Signed Message:\n${message.length}`
  return crypto.keccak256(concatBytes(new TextEncoder().encode(prefix), message))
}

/** A signature of a digest as wallets give it: r (32) ‖ s (32) ‖ 27 or 28. */
export function signatureBytes({ r, s, yParity }: TransactionSignature): Uint8Array {
  return concatBytes(word(r), word(s), Uint8Array.of(27 + yParity))
}

/** The signature that is r (32) ‖ s (32) ‖ recovery id. */
export function toTransactionSignature(compact: Uint8Array): TransactionSignature {
  return {
    r: readUint(compact.subarray(0, 32)),
    s: readUint(compact.subarray(32, 64)),
    yParity: compact[64] as number,
  }
}
