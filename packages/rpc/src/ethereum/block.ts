import type { Json } from '../protocol/json.ts'
import { toHex } from '../text/hex.ts'
import type { BlockContents } from './block-view.ts'
import { toEthereumHeader } from './header.ts'
import { type TransactionSetting, toEthereumTransaction } from './transaction.ts'

/** A block as clients read it. @param isFull whether it has whole transactions, and not their hashes only */
export function toEthereumBlock(
  setting: Omit<TransactionSetting, 'state'>,
  view: BlockContents,
  isFull: boolean,
): { readonly [field: string]: Json } {
  const { entries, state } = view
  return {
    ...toEthereumHeader(setting.crypto, view),
    transactions: entries.map((entry) =>
      isFull ? toEthereumTransaction({ ...setting, state }, entry, { view, entry }) : toHex(entry.hash),
    ),
    uncles: [],
  }
}
