import { DEVELOPMENT_MNEMONIC } from 'troupe'
import { bytesToHex } from 'viem'
import { type HDAccount, mnemonicToAccount } from 'viem/accounts'

/** One of the accounts that all nodes for developers have. */
export function developmentAccount(index: number): HDAccount {
  return mnemonicToAccount(DEVELOPMENT_MNEMONIC, { addressIndex: index })
}

/** Its key, in hexadecimal. */
export function secretKeyOf(account: HDAccount): string {
  return bytesToHex(account.getHdKey().privateKey as Uint8Array)
}
