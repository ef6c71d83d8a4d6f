import type { CryptoProvider } from '@troupe/crypto'
import { BLOCK_GAS_LIMIT } from 'troupe'
import { fromHex, type Hex, toHex, toQuantity } from '../text/hex.ts'
import type { BlockContents, BlockLog } from './block-view.ts'
import { Bloom } from './bloom.ts'

/** The header of a block, as Ethereum's clients want it. */
export type EthereumHeader = { readonly [field: string]: Hex | null }

const NO_HASH: Hex = `0x${'0'.repeat(64)}`
const NO_ADDRESS: Hex = `0x${'0'.repeat(40)}`
/** Keccak-256 of the RLP of an empty list: a block without uncles. */
const NO_UNCLES: Hex = '0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347'
/** Root of a trie without transactions. */
const NO_TRANSACTIONS: Hex = '0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421'

/**
 * The header of a block. What a Filecoin block does not have is zero: proof of work, uncles, a coinbase, and roots of Ethereum's tries.
 *
 * Differs: the logs' filter is computed and gas is summed up, where Lotus has neither at hand.
 * Source: lotus chain/types/ethtypes/eth_types.go `NewEthBlock`, node/impl/eth/utils.go `newEthBlockFromFilecoinTipSet`.
 */
export function toEthereumHeader(
  crypto: CryptoProvider,
  { baseFee, entries, hash, number, parentHash, timestamp }: BlockContents,
): EthereumHeader {
  return {
    number: toQuantity(number),
    hash,
    parentHash,
    nonce: '0x0000000000000000',
    sha3Uncles: NO_UNCLES,
    logsBloom: logsBloom(
      crypto,
      entries.flatMap(({ logs }) => logs),
    ),
    transactionsRoot: entries.length === 0 ? NO_TRANSACTIONS : NO_HASH,
    stateRoot: NO_HASH,
    receiptsRoot: NO_HASH,
    miner: NO_ADDRESS,
    difficulty: '0x0',
    totalDifficulty: '0x0',
    extraData: '0x',
    size: '0x0',
    gasLimit: toQuantity(BLOCK_GAS_LIMIT),
    gasUsed: toQuantity(entries.at(-1)?.cumulativeGas ?? 0n),
    timestamp: toQuantity(timestamp),
    baseFeePerGas: toQuantity(baseFee),
    mixHash: NO_HASH,
  }
}

/** The filter over some logs. */
export function logsBloom(crypto: CryptoProvider, logs: readonly BlockLog[]): Hex {
  const bloom = new Bloom(crypto)
  for (const { address, topics } of logs)
    for (const value of [address, ...topics]) bloom.add(fromHex(value) as Uint8Array)
  return toHex(bloom.bytes)
}
