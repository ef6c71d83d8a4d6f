/** @module Blocks, their transactions and receipts, by whatever names them. */
import { encodeTransaction } from 'troupe/ethereum'
import { toEthereumBlock } from '../ethereum/block.ts'
import type { BlockView, NamedMessage } from '../ethereum/block-view.ts'
import { findBlock } from '../ethereum/find-block.ts'
import { findTransaction, findTransactionOfSender } from '../ethereum/find-transaction.ts'
import { toEthereumHeader } from '../ethereum/header.ts'
import { toEthereumReceipt } from '../ethereum/receipt.ts'
import { toEthereumTransaction, transactionOf } from '../ethereum/transaction.ts'
import type { RpcHost } from '../host.ts'
import { alias, type Method, method } from '../method.ts'
import { type BlockReference, blockNumber, blockReference } from '../parameters/block-reference.ts'
import { optional, parameter } from '../parameters/parameter.ts'
import { address, boolean, hash, quantity } from '../parameters/readers.ts'
import type { Json } from '../protocol/json.ts'
import { toHex, toQuantity } from '../text/hex.ts'

const headerByNumber = method(
  'eth_getHeaderByNumber',
  'read',
  [parameter('block', blockNumber)],
  (host, [block]) => withBlock(host, block, (view) => toEthereumHeader(host.vm.crypto, view)),
)
const rawTransaction = method(
  'eth_getRawTransactionByHash',
  'read',
  [parameter('transactionHash', hash)],
  (host, [transactionHash]) =>
    rawOf(host, findTransaction(host, transactionHash)?.entry ?? host.vm.pool.find(transactionHash)),
)
const BLOCK = parameter('block', blockNumber)
const BLOCK_HASH = parameter('blockHash', hash)
const FULL = parameter('full', optional(boolean))
const INDEX = parameter('index', quantity)
const TRANSACTION_HASH = parameter('transactionHash', hash)

/** eth_getBlock… and eth_getTransaction…. What there is not is `null`. */
export const BLOCK_METHODS: readonly Method[] = [
  method('eth_getBlockByNumber', 'read', [BLOCK, FULL], (host, [block, full]) =>
    withBlock(host, block, (view) => toEthereumBlock(host.setting, view, full ?? false)),
  ),
  method('eth_getBlockByHash', 'read', [BLOCK_HASH, FULL], (host, [blockHash, full]) =>
    withBlock(host, byHash(blockHash), (view) => toEthereumBlock(host.setting, view, full ?? false)),
  ),
  method('eth_getBlockTransactionCountByNumber', 'read', [BLOCK], (host, [block]) =>
    withBlock(host, block, ({ entries }) => toQuantity(entries.length)),
  ),
  method('eth_getBlockTransactionCountByHash', 'read', [BLOCK_HASH], (host, [blockHash]) =>
    withBlock(host, byHash(blockHash), ({ entries }) => toQuantity(entries.length)),
  ),
  method('eth_getUncleCountByBlockNumber', 'read', [BLOCK], (host, [block]) =>
    withBlock(host, block, () => '0x0'),
  ),
  method('eth_getUncleCountByBlockHash', 'read', [BLOCK_HASH], (host, [blockHash]) =>
    withBlock(host, byHash(blockHash), () => '0x0'),
  ),
  method('eth_getUncleByBlockNumberAndIndex', 'read', [BLOCK, INDEX], () => null),
  method('eth_getUncleByBlockHashAndIndex', 'read', [BLOCK_HASH, INDEX], () => null),
  method('eth_getBlockReceipts', 'read', [parameter('block', blockReference)], (host, [block]) =>
    withBlock(host, block, (view) =>
      view.entries.map((entry) => toEthereumReceipt(host.setting, view, entry)),
    ),
  ),
  method('eth_getTransactionByBlockNumberAndIndex', 'read', [BLOCK, INDEX], (host, [block, index]) =>
    withBlock(host, block, (view) => transactionAt(host, view, index)),
  ),
  method('eth_getTransactionByBlockHashAndIndex', 'read', [BLOCK_HASH, INDEX], (host, [blockHash, index]) =>
    withBlock(host, byHash(blockHash), (view) => transactionAt(host, view, index)),
  ),
  method('eth_getTransactionByHash', 'read', [TRANSACTION_HASH], (host, [transactionHash]) => {
    const found = findTransaction(host, transactionHash)
    if (found !== undefined)
      return toEthereumTransaction({ ...host.setting, state: found.view.state }, found.entry, found)
    const pending = host.vm.pool.find(transactionHash)
    if (pending === undefined) return null
    return toEthereumTransaction({ ...host.setting, state: host.block(host.vm.chain.head).state }, pending)
  }),
  method('eth_getTransactionReceipt', 'read', [TRANSACTION_HASH], (host, [transactionHash]) => {
    const found = findTransaction(host, transactionHash)
    if (found !== undefined) return toEthereumReceipt(host.setting, found.view, found.entry)
    // Whoever waits for one that was refused waits in vain.
    host.vm.pool.checkRefused(transactionHash)
    return null
  }),
  rawTransaction,
  alias('debug_getRawTransaction', rawTransaction),
  method('eth_getRawTransactionByBlockNumberAndIndex', 'read', [BLOCK, INDEX], (host, [block, index]) =>
    withBlock(host, block, ({ entries }) => rawOf(host, entries[Number(index)])),
  ),
  method(
    'eth_getRawTransactionByBlockHashAndIndex',
    'read',
    [BLOCK_HASH, INDEX],
    (host, [blockHash, index]) =>
      withBlock(host, byHash(blockHash), ({ entries }) => rawOf(host, entries[Number(index)])),
  ),
  method(
    'eth_getTransactionBySenderAndNonce',
    'read',
    [parameter('sender', address), parameter('nonce', quantity)],
    (host, [sender, nonce]) => {
      const found = findTransactionOfSender(host, sender, nonce)
      if (found !== undefined)
        return toEthereumTransaction({ ...host.setting, state: found.view.state }, found.entry, found)
      const pending = host.vm.pool.pending.find(
        ({ message }) => message.from.key === sender.key && message.sequence === nonce,
      )
      if (pending === undefined) return null
      return toEthereumTransaction({ ...host.setting, state: host.block(host.vm.chain.head).state }, pending)
    },
  ),
  headerByNumber,
  alias('erigon_getHeaderByNumber', headerByNumber),
  method('eth_getHeaderByHash', 'read', [BLOCK_HASH], (host, [blockHash]) =>
    withBlock(host, byHash(blockHash), (view) => toEthereumHeader(host.vm.crypto, view)),
  ),
  // One node makes all blocks, and a block that is wrong never becomes one.
  method('debug_getBadBlocks', 'read', [], () => []),
]

function rawOf(host: RpcHost, named: NamedMessage | undefined): Json {
  const signed = named === undefined ? undefined : transactionOf(named, host.setting.chainId)
  return signed === undefined ? null : toHex(encodeTransaction(signed))
}

function byHash(blockHash: Uint8Array): BlockReference {
  return { hash: blockHash, requireCanonical: false }
}

function withBlock(host: RpcHost, reference: BlockReference, answer: (view: BlockView) => Json): Json {
  const tipset = findBlock(host.vm, reference)
  return tipset === undefined ? null : answer(host.block(tipset))
}

function transactionAt(host: RpcHost, view: BlockView, index: bigint): Json {
  const entry = view.entries[Number(index)]
  if (entry === undefined) return null
  return toEthereumTransaction({ ...host.setting, state: view.state }, entry, { view, entry })
}
