/** @module Messages as Ethereum's tools see them. Source: lotus node/impl/eth/utils.go `newEthTxFromSignedMessage`, chain/types/ethtypes/eth_transactions.go. */
import type { CryptoProvider } from '@troupe/crypto'
import {
  addressEquals,
  ETHEREUM_ADDRESS_MANAGER_ACTOR_ID,
  idAddress,
  type Message,
  SignatureType,
  type StateTree,
} from '@troupe/hypervisor'
import { effectivePremium, TroupeError } from 'troupe'
import {
  CREATE_EXTERNAL,
  INVOKE_CONTRACT,
  type SignedTransaction,
  signatureV,
  type Transaction,
  toTransaction,
} from 'troupe/ethereum'
import type { Json } from '../protocol/json.ts'
import { type Hex, toHex, toQuantity } from '../text/hex.ts'
import { ABSENT_ADDRESS, ethereumAddressOf } from './address.ts'
import type { BlockContents, BlockEntry, NamedMessage } from './block-view.ts'
import { cborBytes } from './cbor-bytes.ts'
import { nativeCallData } from './native-call.ts'

/** A transaction as clients read it. */
export type EthereumTransaction = { readonly [field: string]: Json } & {
  readonly hash: Hex
  readonly from: Hex
  readonly to: Hex | null
  readonly type: Hex
}

/** What a message is seen with. */
export interface TransactionSetting {
  readonly crypto: CryptoProvider
  readonly chainId: bigint
  /** The state after it, by which addresses are found. */
  readonly state: StateTree
}

const LEGACY_TYPE: Hex = '0x0'
const FEE_MARKET_TYPE: Hex = '0x2'
const MANAGER = idAddress(ETHEREUM_ADDRESS_MANAGER_ACTOR_ID)

/** A message as a transaction: the one that it was made from, or what comes nearest. Without a block it is pending. */
export function toEthereumTransaction(
  setting: TransactionSetting,
  named: NamedMessage,
  place?: { readonly view: BlockContents; readonly entry: Pick<BlockEntry, 'index'> },
): EthereumTransaction {
  const { message } = named
  const signed = transactionOf(named, setting.chainId)
  const where = {
    blockHash: place?.view.hash ?? null,
    blockNumber: place === undefined ? null : toQuantity(place.view.number),
    blockTimestamp: place === undefined ? null : toQuantity(place.view.timestamp),
    transactionIndex: place === undefined ? null : toQuantity(place.entry.index),
  }
  const common = {
    hash: toHex(named.hash),
    nonce: toQuantity(message.sequence),
    ...where,
    from: ethereumAddressOf(setting.state, message.from) ?? ABSENT_ADDRESS,
    value: toQuantity(message.value),
    gas: toQuantity(message.gasLimit),
  }
  const baseFee = place?.view.baseFee
  return signed === undefined
    ? { ...common, ...nativeFields(setting, message, baseFee) }
    : { ...common, ...signedFields(signed, message, baseFee) }
}

/** The transaction that a message was made from; `undefined` where it was made from none. */
export function transactionOf(
  { message, signature }: Pick<NamedMessage, 'message' | 'signature'>,
  chainId: bigint,
): SignedTransaction | undefined {
  if (signature?.type !== SignatureType.DELEGATED) return undefined
  try {
    return toTransaction({ message, signature }, chainId)
  } catch (error) {
    // An account whose own code judges signatures has others.
    if (error instanceof TroupeError) return undefined
    throw error
  }
}

/** A transaction that is to be signed, as clients read it. */
export function toUnsignedTransaction(transaction: Transaction): { readonly [field: string]: Json } {
  const { gasLimit, input, kind, nonce, to, value } = transaction
  return {
    type: kind === 'eip1559' ? FEE_MARKET_TYPE : LEGACY_TYPE,
    ...(kind === 'homestead' ? {} : { chainId: toQuantity(transaction.chainId) }),
    ...{ nonce: toQuantity(nonce), gas: toQuantity(gasLimit), value: toQuantity(value) },
    ...{ to: to === undefined ? null : toHex(to), input: toHex(input) },
    ...(kind === 'eip1559'
      ? {
          maxFeePerGas: toQuantity(transaction.maxFeePerGas),
          maxPriorityFeePerGas: toQuantity(transaction.maxPriorityFeePerGas),
          accessList: [],
          yParity: '0x0',
        }
      : { gasPrice: toQuantity(transaction.gasPrice) }),
    ...{ v: '0x0', r: '0x0', s: '0x0' },
  }
}

type OwnFields = { readonly [field: string]: Json } & { readonly to: Hex | null; readonly type: Hex }

function signedFields(
  { transaction, signature }: SignedTransaction,
  message: Message,
  baseFee: bigint | undefined,
): OwnFields {
  const { input, to } = transaction
  const numbers = {
    v: toQuantity(signatureV(transaction, signature.yParity)),
    r: toQuantity(signature.r),
    s: toQuantity(signature.s),
  }
  const call = { to: to === undefined ? null : toHex(to), input: toHex(input) }
  if (transaction.kind === 'eip1559')
    return {
      ...{ ...call, type: FEE_MARKET_TYPE, chainId: toQuantity(transaction.chainId) },
      ...feeFields(message, baseFee),
      ...{ ...numbers, yParity: toQuantity(signature.yParity) },
    }
  return {
    ...{ ...call, type: LEGACY_TYPE },
    ...(transaction.kind === 'eip155' ? { chainId: toQuantity(transaction.chainId) } : {}),
    ...{ gasPrice: toQuantity(transaction.gasPrice), ...numbers },
  }
}

/** A message that was no transaction: contracts are called as they are, other actors as `handle_filecoin_method` would be. */
function nativeFields(
  { chainId, state }: TransactionSetting,
  message: Message,
  baseFee: bigint | undefined,
): OwnFields {
  const { method, params, to } = message
  const isCreation = addressEquals(to, MANAGER) && method === CREATE_EXTERNAL
  const called = method === INVOKE_CONTRACT || isCreation ? cborBytes(params) : undefined
  return {
    to: isCreation && called !== undefined ? null : (ethereumAddressOf(state, to) ?? ABSENT_ADDRESS),
    input: toHex(called ?? nativeCallData(method, params)),
    ...{ type: FEE_MARKET_TYPE, chainId: toQuantity(chainId) },
    ...feeFields(message, baseFee),
    ...{ v: '0x0', r: '0x0', s: '0x0', yParity: '0x0' },
  }
}

/** `gasPrice` is what one gas costs in the end, and the fee cap as long as nobody knows. */
function feeFields(message: Message, baseFee: bigint | undefined): { readonly [field: string]: Json } {
  const { gasFeeCap, gasPremium } = message
  return {
    maxFeePerGas: toQuantity(gasFeeCap),
    maxPriorityFeePerGas: toQuantity(gasPremium),
    gasPrice: toQuantity(priceOf(message, baseFee)),
    accessList: [],
  }
}

function priceOf(message: Message, baseFee: bigint | undefined): bigint {
  if (baseFee === undefined || baseFee > message.gasFeeCap) return message.gasFeeCap
  return baseFee + effectivePremium(message, baseFee)
}
