/**
 * @module Ethereum transactions, as far as Filecoin has them, and their bytes.
 *
 * | kind | bytes, RLP | v |
 * | --- | --- | --- |
 * | homestead | `[nonce, gas price, gas limit, to, value, input, v, r, s]` | 27 or 28 |
 * | eip155 | the same; what is signed has `chain id, 0, 0` instead of the signature | 35 or 36, and twice the chain id |
 * | eip1559 | `02 ‖ [chain id, nonce, max priority fee, max fee, gas limit, to, value, input, [], v, r, s]` | 0 or 1 |
 *
 * Source: EIP-155, EIP-1559; lotus chain/types/ethtypes/eth_*transactions.go.
 */
import { concatBytes } from '@noble/curves/utils.js'
import type { CryptoProvider } from '@troupe/crypto'
import { type Address, ethereumAddress } from '@troupe/hypervisor'
import { encodeRlp, type RlpValue, rlpInteger, word } from './rlp.ts'

/** The first byte of an EIP-1559 transaction. */
export const EIP1559_TYPE = 2
const HOMESTEAD_V = 27n
const EIP155_V = 35n

/** What all kinds have. */
interface CommonFields {
  /** Sequence number of the sender. */
  readonly nonce: bigint
  readonly gasLimit: bigint
  /** 20 bytes; none where a contract is created. */
  readonly to: Uint8Array | undefined
  /** attoFIL. */
  readonly value: bigint
  /** What a contract is called with, or initcode. */
  readonly input: Uint8Array
}

/** A transaction that names no chain, and is valid on any. */
export interface HomesteadTransaction extends CommonFields {
  readonly kind: 'homestead'
  /** attoFIL for one gas: fee cap and premium in one. */
  readonly gasPrice: bigint
}

/** A transaction for one chain. */
export interface Eip155Transaction extends CommonFields {
  readonly kind: 'eip155'
  readonly chainId: bigint
  /** attoFIL for one gas: fee cap and premium in one. */
  readonly gasPrice: bigint
}

/** A transaction for one chain, with a fee cap and a premium. It has no access list: Filecoin has none. */
export interface Eip1559Transaction extends CommonFields {
  readonly kind: 'eip1559'
  readonly chainId: bigint
  /** attoFIL for one gas: the fee cap. */
  readonly maxFeePerGas: bigint
  /** attoFIL for one gas: the premium. */
  readonly maxPriorityFeePerGas: bigint
}

/** A transaction without its signature. */
export type Transaction = HomesteadTransaction | Eip155Transaction | Eip1559Transaction
/** The kinds of transaction that Filecoin has. */
export type TransactionKind = Transaction['kind']

/** A secp256k1 signature of a transaction. */
export interface TransactionSignature {
  /** Recovery id: 0 or 1. An EIP-1559 transaction that comes as a message may have 2 or 3, for an r beyond the order of the curve. */
  readonly yParity: number
  readonly r: bigint
  readonly s: bigint
}

/** A transaction and its signature. */
export interface SignedTransaction {
  readonly transaction: Transaction
  readonly signature: TransactionSignature
}

/** The number that `v` of a signature is in a transaction's bytes. */
export function signatureV(transaction: Transaction, yParity: number): bigint {
  switch (transaction.kind) {
    case 'homestead':
      return HOMESTEAD_V + BigInt(yParity)
    case 'eip155':
      return EIP155_V + 2n * transaction.chainId + BigInt(yParity)
    case 'eip1559':
      return BigInt(yParity)
  }
}

/** What `v` says in the bytes of a transaction of the old form; `undefined` for numbers that no transaction has. */
export function readLegacyV(
  v: bigint,
): { readonly chainId: bigint | undefined; yParity: number } | undefined {
  if (v === HOMESTEAD_V || v === HOMESTEAD_V + 1n)
    return { chainId: undefined, yParity: Number(v - HOMESTEAD_V) }
  if (v < EIP155_V) return undefined
  return { chainId: (v - EIP155_V) / 2n, yParity: Number((v - EIP155_V) % 2n) }
}

/** The bytes of a transaction: what clients call a raw transaction. */
export function encodeTransaction({
  transaction,
  signature: { yParity, r, s },
}: SignedTransaction): Uint8Array {
  const signature = [signatureV(transaction, yParity), r, s].map(rlpInteger)
  return withType(transaction, [...fieldsOf(transaction), ...signature])
}

/** The bytes that the sender signs the Keccak-256 of. */
export function signingBytes(transaction: Transaction): Uint8Array {
  const chain = transaction.kind === 'eip155' ? [transaction.chainId, 0n, 0n].map(rlpInteger) : []
  return withType(transaction, [...fieldsOf(transaction), ...chain])
}

/** The digest that the sender signs, 32 bytes. */
export function signingDigest(crypto: CryptoProvider, transaction: Transaction): Uint8Array {
  return crypto.keccak256(signingBytes(transaction))
}

/** The name of a transaction: Keccak-256 of its bytes. */
export function transactionHash(crypto: CryptoProvider, signed: SignedTransaction): Uint8Array {
  return crypto.keccak256(encodeTransaction(signed))
}

/**
 * The sender of a transaction: the f410 address of the key that signed it, or `undefined` where no key can have.
 *
 * Signatures with a high s are taken, as Filecoin's nodes do, although Ethereum's refuse them: the same transaction has two hashes then.
 * Source: filecoin-project/go-crypto v0.1.0 crypto.go `EcRecover`.
 */
export function recoverSender(
  crypto: CryptoProvider,
  { transaction, signature }: SignedTransaction,
): Address | undefined {
  const { yParity, r, s } = signature
  const compact = concatBytes(word(r), word(s), Uint8Array.of(yParity))
  const publicKey = crypto.secp256k1Recover(signingDigest(crypto, transaction), compact)
  return publicKey === undefined ? undefined : addressOfPublicKey(crypto, publicKey)
}

/** The f410 address of an uncompressed secp256k1 public key, 65 bytes. */
export function addressOfPublicKey(crypto: CryptoProvider, publicKey: Uint8Array): Address {
  return ethereumAddress(crypto.keccak256(publicKey.subarray(1)).subarray(12))
}

function fieldsOf(transaction: Transaction): RlpValue[] {
  const { gasLimit, input, nonce, to = new Uint8Array(), value } = transaction
  const call = [rlpInteger(gasLimit), to, rlpInteger(value), input]
  if (transaction.kind !== 'eip1559') return [rlpInteger(nonce), rlpInteger(transaction.gasPrice), ...call]
  const { chainId, maxFeePerGas, maxPriorityFeePerGas } = transaction
  return [...[chainId, nonce, maxPriorityFeePerGas, maxFeePerGas].map(rlpInteger), ...call, []]
}

function withType({ kind }: Transaction, fields: readonly RlpValue[]): Uint8Array {
  return encodeRlp(fields, kind === 'eip1559' ? EIP1559_TYPE : undefined)
}
