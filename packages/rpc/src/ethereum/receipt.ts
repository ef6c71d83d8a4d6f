import { computeFeeOutputs, ExitCode } from '@troupe/hypervisor'
import { CborReader } from '@troupe/ipld'
import type { Json } from '../protocol/json.ts'
import { type Hex, toHex, toQuantity } from '../text/hex.ts'
import type { BlockContents, BlockEntry, BlockLog } from './block-view.ts'
import { logsBloom } from './header.ts'
import { type EthereumTransaction, type TransactionSetting, toEthereumTransaction } from './transaction.ts'

/** A log as clients read it. */
export function toEthereumLog(
  view: BlockContents,
  log: BlockLog,
  transactionHash: Hex,
): { readonly [field: string]: Json } {
  const { address, data, logIndex, topics, transactionIndex } = log
  return {
    ...{ address, topics, data },
    logIndex: toQuantity(logIndex),
    transactionIndex: toQuantity(transactionIndex),
    transactionHash,
    blockHash: view.hash,
    blockNumber: toQuantity(view.number),
    blockTimestamp: toQuantity(view.timestamp),
    removed: false,
  }
}

/**
 * The receipt of a transaction, with the CID of its message beside it; of one that an actor had left to the end of the block with the hash of the one that it comes from, too.
 *
 * Differs: gas is summed up over the block, and logs are numbered through it, as Ethereum's clients expect; Lotus gives 0, and numbers them by message.
 * Source: lotus node/impl/eth/utils.go `newEthTxReceipt`.
 */
export function toEthereumReceipt(
  setting: Omit<TransactionSetting, 'state'>,
  view: BlockContents,
  entry: BlockEntry,
): { readonly [field: string]: Json } {
  const { cumulativeGas, index, logs, receipt } = entry
  const transaction = toEthereumTransaction({ ...setting, state: view.state }, entry, { view, entry })
  const { from, hash, to, type } = transaction
  const isSuccess = receipt.exitCode === ExitCode.OK
  return {
    transactionHash: hash,
    transactionIndex: toQuantity(index),
    blockHash: view.hash,
    blockNumber: toQuantity(view.number),
    ...{ from, to, type },
    status: isSuccess ? '0x1' : '0x0',
    contractAddress: isSuccess ? createdContract(transaction, receipt.returnData) : null,
    cumulativeGasUsed: toQuantity(cumulativeGas),
    gasUsed: toQuantity(receipt.gasUsed),
    effectiveGasPrice: toQuantity(effectiveGasPrice(view, entry)),
    logsBloom: logsBloom(setting.crypto, logs),
    logs: logs.map((log) => toEthereumLog(view, log, hash)),
    messageCid: String(entry.cid),
    ...(entry.queued === undefined ? {} : { queuedBy: causeOf(view, entry.queued) }),
  }
}

/** The hash of the transaction that a queued one comes from; none where that is in an earlier block. */
function causeOf({ entries }: BlockContents, { cause }: NonNullable<BlockEntry['queued']>): Hex | null {
  const entry = cause === undefined ? undefined : entries[cause]
  return entry === undefined ? null : toHex(entry.hash)
}

/** What one gas has cost in the end: base fee, premium and the burn for a limit that was far too high, over the gas used. */
function effectiveGasPrice({ baseFee }: BlockContents, { message, receipt }: BlockEntry): bigint {
  const { gasUsed } = receipt
  if (gasUsed === 0n) return 0n
  const { baseFeeBurn, minerTip, overEstimationBurn } = computeFeeOutputs({
    gasUsed,
    gasLimit: message.gasLimit,
    baseFee,
    feeCap: message.gasFeeCap,
    premium: message.gasPremium,
  })
  return (baseFeeBurn + minerTip + overEstimationBurn) / gasUsed
}

/** The contract in what the address manager returned: `[actor id, robust address or null, Ethereum address]`. */
function createdContract({ to }: EthereumTransaction, returnData: Uint8Array): Hex | null {
  if (to !== null) return null
  const reader = new CborReader(returnData)
  reader.tuple(3)
  reader.uint64()
  if (!reader.tryNull()) reader.bytes()
  return toHex(reader.bytes())
}
