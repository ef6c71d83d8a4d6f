/** @module The account that an address is of, and what signs for it. */
import type { CryptoProvider } from '@troupe/crypto'
import { type Address, formatAddress, type Message, type SignedMessage } from '@troupe/hypervisor'
import { TroupeError } from '../errors.ts'
import { signMessageAsTransaction } from '../ethereum/sign-transaction.ts'
import type { Account } from './account.ts'
import { signMessage } from './signer.ts'

/** An account, and by which of its addresses it was found. */
export interface FoundAccount {
  readonly account: Account
  /** Whether it was the f410 address. */
  readonly isEthereum: boolean
}

/** The account of an f1 or f410 address; `undefined` where it is of none. */
export function findAccount(accounts: readonly Account[], { key }: Address): FoundAccount | undefined {
  for (const account of accounts) {
    if (account.address.key === key) return { account, isEthereum: false }
    if (account.delegated.key === key) return { account, isEthereum: true }
  }
  return undefined
}

/**
 * Signs a message of one of some accounts: of its f410 address as an EIP-1559 transaction, of its f1 address as Filecoin does.
 * @throws {TroupeError} message/from where the sender is none of them; message/… for another field by which the message is no transaction
 */
export function signAsAccount(
  crypto: CryptoProvider,
  accounts: readonly Account[],
  message: Message,
  chainId: bigint,
): SignedMessage {
  const found = findAccount(accounts, message.from)
  if (found === undefined)
    throw new TroupeError(
      'message/from',
      `from: the key of ${formatAddress(message.from, crypto, 'testnet')} is not known here`,
    )
  return found.isEthereum
    ? signMessageAsTransaction(crypto, found.account, message, chainId)
    : signMessage(crypto, found.account, message)
}
