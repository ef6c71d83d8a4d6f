/**
 * Ethereum as a world of its own: accounts in memory, transactions, forks from Istanbul to Osaka, exact gas.
 *
 * It is for tests of conformance and for whoever wants Ethereum's numbers. Not supported are transactions of EIP-7702 (type 4), which are refused with
 * a typed error, and what they leave in accounts.
 *
 * @module
 */
export type { Account, Slot } from './account.ts'
export type { EthereumBlock } from './block.ts'
export { createdAddress, saltedAddress } from './created-address.ts'
export type { EthereumHost } from './ethereum-host.ts'
export { executeTransaction, type TransactionOutcome } from './execute-transaction.ts'
export { type BlobRules, type EthereumFork, forkOf } from './fork.ts'
export { type EthereumGas, gasOf, totalOf } from './gas.ts'
export { ethereumGasOf } from './gas-rules.ts'
export {
  type EthereumCrypto,
  EthereumMachine,
  type Message,
  type MessageOutcome,
  type TransactionContext,
} from './machine.ts'
export type { EthereumSchedule, PricedHost } from './schedule.ts'
export { type EthereumLog, EthereumState } from './state.ts'
export { logsHashOf, stateRootOf } from './state-root.ts'
export type { AccessListEntry, EthereumTransaction, RefusalReason } from './transaction.ts'
