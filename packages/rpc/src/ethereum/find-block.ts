import { BLAKE2B_256, createCid, DAG_CBOR } from '@troupe/ipld'
import type { Chain, Tipset, Troupe } from 'troupe'
import { RpcError } from '../errors.ts'
import type { BlockReference } from '../parameters/block-reference.ts'
import { type Hex, toHex } from '../text/hex.ts'

/** The hash of the block that a tipset is to Ethereum: the digest of the CID of its key. */
export function blockHash({ key }: Tipset): Hex {
  return toHex(key.multihash.digest)
}

/**
 * The block that a reference names, or `undefined` where there is none: one that is to come, an epoch without a block, a hash of nothing.
 *
 * Safe and finalized are the latest: one node makes all blocks. Pending is too, and what waits in the pool is not in it.
 * @throws {RpcError} rpc/failed where the block has to be canonical, and is on another branch
 */
export function findBlock({ chain }: Pick<Troupe, 'chain'>, reference: BlockReference): Tipset | undefined {
  if ('tag' in reference) return reference.tag === 'earliest' ? firstBlock(chain) : chain.head
  if ('number' in reference) {
    const { number } = reference
    const tipset = number > chain.head.header.height ? undefined : chain.tipsetAtOrBelow(number)
    return tipset?.header.height === number ? tipset : undefined
  }
  const key = createCid(DAG_CBOR, BLAKE2B_256, reference.hash)
  // The last block has what was set since, by whatever name it is called.
  const tipset = key.equals(chain.head.key) ? chain.head : chain.tipsetOfKey(key)
  if (tipset === undefined || !reference.requireCanonical) return tipset
  if (chain.tipsetAtOrBelow(tipset.header.height)?.cid.equals(tipset.cid) === true) return tipset
  throw new RpcError('rpc/failed', `the block ${toHex(reference.hash)} is not on the chain any more`)
}

/**
 * The tipset whose state a reference means: that of the last block before, for an epoch without one.
 * @throws {RpcError} rpc/not-found for a block that is to come, or that nobody knows
 */
export function findState(vm: Pick<Troupe, 'chain'>, reference: BlockReference): Tipset {
  const { chain } = vm
  if ('number' in reference && reference.number <= chain.head.header.height) {
    const tipset = chain.tipsetAtOrBelow(reference.number)
    if (tipset !== undefined) return tipset
  }
  const tipset = findBlock(vm, reference)
  if (tipset === undefined)
    throw new RpcError(
      'rpc/not-found',
      `there is no block ${nameOf(reference)}; the last one is ${chain.head.header.height}`,
    )
  return tipset
}

/** Where a chain begins: epoch 0, or that of the state it was given. */
export function firstBlock(chain: Chain): Tipset {
  let at = chain.head
  while (at.ancestor !== undefined) at = chain.tipset(at.ancestor)
  return at
}

function nameOf(reference: BlockReference): string {
  if ('tag' in reference) return reference.tag
  return 'number' in reference ? String(reference.number) : toHex(reference.hash)
}
