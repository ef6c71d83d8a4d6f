import type { TransactionKind } from './transaction.ts'

const NONE: readonly TransactionKind[] = []
const FEE_MARKET: readonly TransactionKind[] = ['eip1559']
const ALL: readonly TransactionKind[] = ['homestead', 'eip155', 'eip1559']
/** The first network versions with Ethereum's accounts, and with its transactions of the old form. */
const FIRST_VERSION = 18
const FIRST_VERSION_OF_LEGACY = 23

/**
 * The kinds of Ethereum transaction that a network version has: none before 18, only EIP-1559 before 23.
 * Source: lotus chain/consensus/common.go `IsValidEthTxForSending`, signatures.go `IsValidSecpkSigType`.
 */
export function transactionKindsOf(networkVersion: number): readonly TransactionKind[] {
  if (networkVersion < FIRST_VERSION) return NONE
  return networkVersion < FIRST_VERSION_OF_LEGACY ? FEE_MARKET : ALL
}
