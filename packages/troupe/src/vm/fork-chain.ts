import type { ChainStore } from '@troupe/ipld/store'
import { Chain, type ChainOptions } from '../chain/chain.ts'
import type { Tipset } from '../chain/tipset.ts'
import { TroupeError } from '../errors.ts'
import { OverlayStore } from '../store/overlay-store.ts'

/**
 * A chain in memory over the store of another one, that begins at a tipset.
 * @throws {TroupeError} chain/no-tipset where the store has no chain
 */
export function forkChain(
  { store: base, ...rest }: ChainOptions,
  tipset: Tipset,
): { readonly chain: Chain; readonly options: ChainOptions } {
  const store: ChainStore = new OverlayStore(base)
  const options = { ...rest, store }
  const chain = Chain.open(options)
  if (chain === undefined) throw new TroupeError('chain/no-tipset', 'this chain has no block to fork from')
  // The head of the store below moves; that of the fork is its own from here on.
  chain.checkout(tipset)
  return { chain, options }
}
