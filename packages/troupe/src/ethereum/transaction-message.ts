/**
 * @module An Ethereum transaction as the message that a chain has instead of it, and back. Both have the same content: what the sender signed is the transaction,
 * which is made anew from the message to verify it.
 *
 * | transaction | message |
 * | --- | --- |
 * | to | f410, or f0 for a masked id; the address manager (f010) for none |
 * | - | method `CreateExternal` of the address manager, otherwise `InvokeContract` |
 * | input | parameters: a CBOR byte string, none for an empty input |
 * | gas price, or max fee | gas fee cap |
 * | gas price, or max priority fee | gas premium |
 *
 * Data of the signature: eip1559 `r (32) ‖ s (32) ‖ v (1)`; homestead `01 ‖ r ‖ s ‖ v (1)`; eip155 `02 ‖ r ‖ s ‖ v`, with as many bytes of v as it needs.
 *
 * Source: lotus chain/types/ethtypes/eth_transactions.go, chain/consensus/signatures.go.
 */
import { concatBytes, equalBytes } from '@noble/curves/utils.js'
import { CodedError, type CryptoProvider } from '@troupe/crypto'
import {
  type Address,
  addressEquals,
  CREATE_EXTERNAL,
  ETHEREUM_ADDRESS_MANAGER_ACTOR_ID,
  ethereumAddress,
  ethereumAddressBytes,
  INVOKE_CONTRACT,
  idAddress,
  MESSAGE_VERSION,
  type Message,
  SignatureType,
  type SignedMessage,
} from '@troupe/hypervisor'
import { CborReader, CborWriter } from '@troupe/ipld'
import { TroupeError, type TroupeErrorCode } from '../errors.ts'
import { readUint, rlpInteger, word } from './rlp.ts'
import {
  readLegacyV,
  recoverSender,
  type SignedTransaction,
  signatureV,
  type Transaction,
  type TransactionKind,
  type TransactionSignature,
} from './transaction.ts'

const HOMESTEAD_PREFIX = 1
const EIP155_PREFIX = 2
/** Bytes of r and s. */
const RS_LENGTH = 64
const MAX_UINT64 = 2n ** 64n - 1n
const MAX_INT64 = 2n ** 63n - 1n
const MANAGER = idAddress(ETHEREUM_ADDRESS_MANAGER_ACTOR_ID)

/** The message of a transaction. @param from the sender, as {@link recoverSender} finds it */
export function transactionMessage(transaction: Transaction, from: Address): Message {
  const { gasLimit, input, nonce, to, value } = transaction
  const isFeeMarket = transaction.kind === 'eip1559'
  return {
    version: MESSAGE_VERSION,
    from,
    to: to === undefined ? MANAGER : ethereumAddress(to),
    sequence: nonce,
    value,
    method: to === undefined ? CREATE_EXTERNAL : INVOKE_CONTRACT,
    params: paramsOf(input),
    gasLimit,
    gasFeeCap: isFeeMarket ? transaction.maxFeePerGas : transaction.gasPrice,
    gasPremium: isFeeMarket ? transaction.maxPriorityFeePerGas : transaction.gasPrice,
  }
}

/**
 * The signed message of a transaction, from whoever signed it.
 * @param chainId of the network that the message is for
 * @throws {TroupeError} transaction/chainId, transaction/signature where no key can have signed it, transaction/to for an address that is the address manager's
 */
export function toSignedMessage(
  crypto: CryptoProvider,
  signed: SignedTransaction,
  chainId: bigint,
): SignedMessage {
  const { transaction } = signed
  if (transaction.kind !== 'homestead' && transaction.chainId !== chainId)
    throw new TroupeError(
      'transaction/chainId',
      `chainId of the transaction is ${transaction.chainId}, and that of this network is ${chainId}`,
    )
  const from = recoverSender(crypto, signed)
  if (from === undefined)
    throw new TroupeError('transaction/signature', 'the signature of the transaction is that of no key')
  const message = transactionMessage(transaction, from)
  if (transaction.to !== undefined && addressEquals(message.to, MANAGER))
    throw new TroupeError(
      'transaction/to',
      'to of the transaction is the address manager, which is no contract',
    )
  return { message, signature: { type: SignatureType.DELEGATED, data: delegatedSignature(signed) } }
}

/** The data of a message's signature. */
export function delegatedSignature({
  transaction,
  signature: { r, s, yParity },
}: SignedTransaction): Uint8Array {
  const v = signatureV(transaction, yParity)
  switch (transaction.kind) {
    case 'homestead':
      return concatBytes(Uint8Array.of(HOMESTEAD_PREFIX), word(r), word(s), rlpInteger(v))
    case 'eip155':
      return concatBytes(Uint8Array.of(EIP155_PREFIX), word(r), word(s), rlpInteger(v))
    case 'eip1559':
      return concatBytes(word(r), word(s), Uint8Array.of(yParity))
  }
}

/**
 * The transaction that a signed message was made from. Whether it is the sender's is not looked at.
 * @param chainId of the network that the message is on
 * @throws {TroupeError} message/… with the name of the field by which it can be none
 */
export function toTransaction({ message, signature }: SignedMessage, chainId: bigint): SignedTransaction {
  if (signature.type !== SignatureType.DELEGATED) throw refusal('signature', 'is not a delegated one')
  const { kind, ...read } = readDelegatedSignature(signature.data, chainId)
  return { transaction: unsignedTransaction(message, kind, chainId), signature: read }
}

/**
 * The transaction that has the same content as a message, without a signature.
 * @throws {TroupeError} message/… with the name of the field by which there is none
 */
export function unsignedTransaction(message: Message, kind: TransactionKind, chainId: bigint): Transaction {
  const { gasFeeCap, gasLimit, gasPremium, params, sequence: nonce, value, version } = message
  if (version !== MESSAGE_VERSION) throw refusal('version', `is ${version}`)
  if (ethereumAddressBytes(message.from) === undefined) throw refusal('from', 'is no Ethereum address')
  checkRange('sequence', nonce, MAX_UINT64)
  checkRange('gasLimit', gasLimit, MAX_INT64)
  for (const [field, amount] of Object.entries({ value, gasFeeCap, gasPremium }))
    if (amount < 0n) throw refusal(field as 'value', `is ${amount}`)
  const call = { nonce, gasLimit, to: receiverOf(message), value, input: inputOf(params) }
  if (kind === 'eip1559')
    return { kind, chainId, ...call, maxFeePerGas: gasFeeCap, maxPriorityFeePerGas: gasPremium }
  if (gasPremium !== gasFeeCap)
    throw refusal('gasPremium', 'is not the fee cap, and the transaction has one gas price')
  return kind === 'eip155'
    ? { kind, chainId, ...call, gasPrice: gasFeeCap }
    : { kind, ...call, gasPrice: gasFeeCap }
}

/** Whether a message is the transaction of its sender. @param sender the f410 address of its account */
export function verifyTransactionMessage(
  crypto: CryptoProvider,
  signed: SignedMessage,
  chainId: bigint,
  sender: Address,
): boolean {
  const recovered = recoverSender(crypto, toTransaction(signed, chainId))
  return recovered !== undefined && addressEquals(recovered, sender)
}

function receiverOf({ method, to }: Message): Uint8Array | undefined {
  const isManager = addressEquals(to, MANAGER)
  if (method !== (isManager ? CREATE_EXTERNAL : INVOKE_CONTRACT))
    throw refusal('method', `is ${method}, and a transaction creates contracts or invokes them`)
  const bytes = ethereumAddressBytes(to)
  if (bytes === undefined) throw refusal('to', 'is no Ethereum address')
  return isManager ? undefined : bytes
}

function inputOf(params: Uint8Array): Uint8Array {
  if (params.length === 0) return params
  const input = new Uint8Array(byteString(params))
  // Lengths in a longer form are CBOR too, and would come back in the shortest.
  if (input.length > 0 && equalBytes(paramsOf(input), params)) return input
  throw refusal('params', 'are not what a transaction makes of its input')
}

function paramsOf(input: Uint8Array): Uint8Array {
  return input.length === 0 ? input : new CborWriter().bytes(input).finish()
}

function byteString(params: Uint8Array): Uint8Array {
  const reader = new CborReader(params)
  try {
    const input = reader.bytes()
    reader.end()
    return input
  } catch (cause) {
    if (!(cause instanceof CodedError)) throw cause
    throw refusal('params', `are not a CBOR byte string: ${cause.message}`)
  }
}

function readDelegatedSignature(
  data: Uint8Array,
  chainId: bigint,
): TransactionSignature & { readonly kind: TransactionKind } {
  if (data.length === RS_LENGTH + 1)
    return { kind: 'eip1559', ...rs(data), yParity: data[RS_LENGTH] as number }
  const bytes = data.subarray(1)
  const v = bytes.subarray(RS_LENGTH)
  const said = bytes.length > RS_LENGTH && v[0] !== 0 ? readLegacyV(readUint(v)) : undefined
  if (said !== undefined) {
    const { yParity } = said
    if (data[0] === HOMESTEAD_PREFIX && said.chainId === undefined)
      return { kind: 'homestead', ...rs(bytes), yParity }
    if (data[0] === EIP155_PREFIX && said.chainId === chainId)
      return { kind: 'eip155', ...rs(bytes), yParity }
  }
  throw refusal('signature', `of ${data.length} bytes is not that of a transaction on the network ${chainId}`)
}

function rs(bytes: Uint8Array): Pick<TransactionSignature, 'r' | 's'> {
  return { r: readUint(bytes.subarray(0, 32)), s: readUint(bytes.subarray(32, RS_LENGTH)) }
}

function checkRange(field: 'sequence' | 'gasLimit', value: bigint, maximum: bigint): void {
  if (value < 0n || value > maximum) throw refusal(field, `is ${value}, not from 0 to ${maximum}`)
}

type Field = Extract<TroupeErrorCode, `message/${string}`> extends `message/${infer Name}` ? Name : never

function refusal(field: Field, what: string): TroupeError {
  return new TroupeError(`message/${field}`, `${field} of the message ${what}`)
}
