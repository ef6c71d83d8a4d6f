/** @module A transaction of Ethereum, whether it may run, and what it costs before it does. */
import { EvmError } from '../errors.ts'
import type { EthereumMachine } from './machine.ts'

/** An entry of an access list (EIP-2930). */
export interface AccessListEntry {
  readonly address: bigint
  readonly keys: readonly bigint[]
}

/** A transaction, signed by its sender already. */
export interface EthereumTransaction {
  /** 0 legacy, 1 EIP-2930, 2 EIP-1559, 3 EIP-4844. */
  readonly type: number
  readonly sender: bigint
  readonly nonce: bigint
  readonly gasLimit: bigint
  /** `undefined` for the creation of a contract. */
  readonly to: bigint | undefined
  readonly value: bigint
  readonly data: Uint8Array
  /** What is paid for gas at most; the gas price of types 0 and 1. */
  readonly maxFee: bigint
  /** What the coinbase gets of it at most; the gas price of types 0 and 1. */
  readonly maxPriorityFee: bigint
  readonly accessList: readonly AccessListEntry[]
  /** `undefined` but for type 3. */
  readonly blobs: { readonly maxFee: bigint; readonly hashes: readonly bigint[] } | undefined
}

/** Why a transaction does not run. The state is as it was. */
export type RefusalReason =
  | 'type'
  | 'nonce-too-low'
  | 'nonce-too-high'
  | 'nonce-exhausted'
  | 'sender-has-code'
  | 'balance'
  | 'intrinsic-gas'
  | 'block-gas-limit'
  | 'transaction-gas-limit'
  | 'fee-below-base'
  | 'priority-above-fee'
  | 'fee-overflow'
  | 'init-code-size'
  | 'blob-count'
  | 'blob-version'
  | 'blob-fee'
  | 'blob-creates'

/** What every transaction costs, and what one that creates a contract costs besides. */
export const TRANSACTION = 21_000
export const CREATION = 32_000
/** What a byte of input costs. */
export const ZERO_BYTE = 4
export const NON_ZERO_BYTE = 16
const ACCESS_LIST_ADDRESS = 2_400
const ACCESS_LIST_KEY = 1_900
/** A byte that is not 0 counts as so many tokens (EIP-7623). */
const TOKENS = 4
export const GAS_PER_BLOB = 131_072n
const MAX_NONCE = (1n << 64n) - 1n
const WORD_LIMIT = 1n << 256n
/** The first byte of a blob's hash, of 32. */
const BLOB_VERSION = 1n

/** What a transaction pays before anything runs, and at least. */
export interface IntrinsicGas {
  readonly gas: number
  /** What it uses at least (EIP-7623). */
  readonly floor: number
}

/** The price of a transaction by what it carries. */
export function intrinsicGasOf(machine: EthereumMachine, transaction: EthereumTransaction): IntrinsicGas {
  const { data, accessList, to } = transaction
  const { schedule, floorPerToken } = machine.fork
  const nonZero = data.reduce((count, byte) => (byte === 0 ? count : count + 1), 0)
  const zero = data.length - nonZero
  let gas = TRANSACTION + zero * ZERO_BYTE + nonZero * NON_ZERO_BYTE
  if (to === undefined) gas += CREATION + schedule.initCodeWord * Math.ceil(data.length / 32)
  for (const { keys } of accessList) gas += ACCESS_LIST_ADDRESS + ACCESS_LIST_KEY * keys.length
  const floor = floorPerToken === 0 ? 0 : TRANSACTION + floorPerToken * (zero + TOKENS * nonZero)
  return { gas, floor }
}

/** What a transaction pays for a unit of gas. */
export function effectiveGasPrice(
  machine: EthereumMachine,
  { maxFee, maxPriorityFee }: EthereumTransaction,
): bigint {
  if (!machine.fork.hasBaseFee) return maxFee
  const { baseFee } = machine.block
  return maxFee < baseFee + maxPriorityFee ? maxFee : baseFee + maxPriorityFee
}

/**
 * Why a transaction may not run, or `undefined` where it may.
 *
 * @throws {EvmError} `evm/unsupported` for type 4 (EIP-7702)
 */
export function refuse(
  machine: EthereumMachine,
  transaction: EthereumTransaction,
  intrinsic: IntrinsicGas,
): RefusalReason | undefined {
  const { fork, block, state } = machine
  const { type, gasLimit, nonce } = transaction
  if (type === 4) {
    throw new EvmError('evm/unsupported', 'transactions of EIP-7702 are not supported', {
      feature: 'EIP-7702',
    })
  }
  if (!fork.transactionTypes.includes(type)) return 'type'
  const sender = state.account(transaction.sender)
  if (sender.code.bytes.length > 0) return 'sender-has-code'
  if (nonce === MAX_NONCE) return 'nonce-exhausted'
  if (nonce < sender.nonce) return 'nonce-too-low'
  if (nonce > sender.nonce) return 'nonce-too-high'
  if (gasLimit > block.gasLimit) return 'block-gas-limit'
  if (gasLimit > fork.maxTransactionGas) return 'transaction-gas-limit'
  if (gasLimit < Math.max(intrinsic.gas, intrinsic.floor)) return 'intrinsic-gas'
  if (transaction.to === undefined && transaction.data.length > fork.schedule.initCodeLimit)
    return 'init-code-size'
  const refused = refuseFees(machine, transaction)
  if (refused !== undefined) return refused
  return sender.balance < mostPaid(transaction) ? 'balance' : undefined
}

function refuseFees(machine: EthereumMachine, transaction: EthereumTransaction): RefusalReason | undefined {
  const { fork, block } = machine
  const { maxFee, maxPriorityFee, gasLimit, blobs } = transaction
  if (fork.hasBaseFee && maxFee < block.baseFee) return 'fee-below-base'
  if (maxPriorityFee > maxFee) return 'priority-above-fee'
  if (maxFee * gasLimit >= WORD_LIMIT) return 'fee-overflow'
  if (blobs === undefined || fork.blobs === undefined) return undefined
  const { hashes } = blobs
  if (transaction.to === undefined) return 'blob-creates'
  if (hashes.length === 0 || hashes.length > fork.blobs.maxPerTransaction) return 'blob-count'
  if (hashes.some((hash) => hash >> 248n !== BLOB_VERSION)) return 'blob-version'
  return blobs.maxFee < machine.blobBaseFee ? 'blob-fee' : undefined
}

/** What a transaction may cost its sender. */
function mostPaid({ gasLimit, maxFee, value, blobs }: EthereumTransaction): bigint {
  const forBlobs = blobs === undefined ? 0n : BigInt(blobs.hashes.length) * GAS_PER_BLOB * blobs.maxFee
  return gasLimit * maxFee + value + forBlobs
}
