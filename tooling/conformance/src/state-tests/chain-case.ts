/** @module State tests as a chain can have them. */
import type { PreAccount, StateCase } from '@troupe/cli/src/conformance/evm/state-test.ts'
import type { PairAccount, PairTransaction } from '@troupe/differential'

/** The fork whose cases are run. */
export const CHAIN_FORK = 'Cancun'

/** Many tests loop until their gas is gone, of which they have more than a block. */
const MAX_GAS = 100_000_000n
/** For what gas costs on a chain, which is more than in the tests. */
const FOR_FEES = 10n ** 20n
const MAX_BALANCE = 2n ** 128n - 1n
const MAX_NONCE = 2n ** 64n - 1n
const LAST_RESERVED = 0x100n

/** The transaction of a case. Access lists, which the chain's transactions do not have, are left out, and limits are at most 10^8. */
export function chainTransaction({ transaction }: StateCase): PairTransaction {
  const { data, gasLimit, sender, to, value } = transaction
  return { data, sender, to, value, gasLimit: gasLimit > MAX_GAS ? MAX_GAS : gasLimit }
}

/** The accounts that it begins with. */
export function chainAccounts(pre: readonly PreAccount[], { transaction }: StateCase): PairAccount[] {
  return pre.map((account) =>
    account.address === transaction.sender && account.balance < MAX_BALANCE - FOR_FEES
      ? { ...account, balance: account.balance + FOR_FEES }
      : account,
  )
}

/** Why a chain cannot have a case; `undefined` where it can. */
export function obstacleOf(pre: readonly PreAccount[], { transaction }: StateCase): string | undefined {
  const { blobs, sender, value } = transaction
  if (blobs !== undefined) return 'a transaction with blobs'
  if (value > MAX_BALANCE) return 'more value than actors can be told of'
  for (const { address, balance, code, nonce, storage } of pre) {
    if (balance > MAX_BALANCE) return 'a balance of more than 2^128-1'
    if (code.length > 0 && address <= LAST_RESERVED)
      return 'a contract at an address that is kept for precompiles'
    if (code.length > 0 && address === sender) return 'a sender with code'
    if (code.length === 0 && storage.length > 0) return 'storage without code'
    if (nonce >= MAX_NONCE) return 'a nonce that is used up'
  }
  return undefined
}
