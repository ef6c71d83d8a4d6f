import { type Cid, cidEquals } from '@troupe/ipld'
import type { Chain } from '../chain/chain.ts'
import type { Tipset } from '../chain/tipset.ts'
import { TroupeError } from '../errors.ts'
import { checkCid } from './check-options.ts'

/**
 * The tipset that a checkout or a fork is to: of the root of a state the last one, of a block or of the position of an edited head its own, of an epoch the last one until then.
 * @throws {TroupeError} chain/no-tipset
 */
export function findTipset(chain: Chain, to: Cid | bigint): Tipset {
  if (typeof to !== 'bigint') {
    checkCid('to', to)
    const tipset = cidEquals(to, chain.head.stateRoot) ? chain.head : chain.tipsetOfRoot(to)
    return tipset ?? chain.tipset(to)
  }
  const tipset = chain.tipsetAtOrBelow(to)
  if (tipset === undefined) throw new TroupeError('chain/no-tipset', `this chain was never at ${to}`)
  return tipset
}
