import { type CryptoProvider, loadCrypto } from '@troupe/crypto'
import {
  type EthereumBlock,
  EthereumMachine,
  EthereumState,
  type EthereumTransaction,
  executeTransaction,
  forkOf,
  type TransactionOutcome,
} from '@troupe/runtime-evm/ethereum'

export const crypto: CryptoProvider = await loadCrypto()

export const SENDER = 0x5e4de4n
export const CONTRACT = 0xc047ac7n
export const COINBASE = 0xc01n

const BLOCK: EthereumBlock = {
  number: 1000n,
  timestamp: 1n,
  coinbase: COINBASE,
  gasLimit: 30_000_000n,
  prevRandao: 0n,
  baseFee: 7n,
  excessBlobGas: 0n,
  chainId: 1n,
  blockHash: (number) => number + 1n,
}

const TRANSACTION: EthereumTransaction = {
  type: 2,
  sender: SENDER,
  nonce: 0n,
  gasLimit: 1_000_000n,
  to: CONTRACT,
  value: 0n,
  data: new Uint8Array(0),
  maxFee: 10n,
  maxPriorityFee: 1n,
  accessList: [],
  blobs: undefined,
}

/** A world with a rich sender and a contract. */
export interface World {
  readonly state: EthereumState
  readonly machine: EthereumMachine
  execute(transaction?: Partial<EthereumTransaction>): TransactionOutcome
}

/** What a world may have besides. */
export interface WorldOptions {
  readonly fork?: string
  readonly code?: readonly number[]
  readonly storage?: readonly (readonly [bigint, bigint])[]
  readonly block?: Partial<EthereumBlock>
  readonly senderBalance?: bigint
}

/** Makes a world. */
export function createWorld(options: WorldOptions = {}): World {
  const state = new EthereumState()
  const nobody = { nonce: 0n, balance: 0n, code: new Uint8Array(0), storage: [] }
  state.put(SENDER, { ...nobody, balance: options.senderBalance ?? 1n << 64n })
  state.put(CONTRACT, {
    ...nobody,
    nonce: 1n,
    code: Uint8Array.from(options.code ?? []),
    storage: options.storage ?? [],
  })
  const block = { ...BLOCK, ...options.block }
  const machine = new EthereumMachine({ fork: forkOf(options.fork ?? 'cancun'), state, block, crypto })
  return {
    state,
    machine,
    execute: (transaction) => executeTransaction(machine, { ...TRANSACTION, ...transaction }),
  }
}
