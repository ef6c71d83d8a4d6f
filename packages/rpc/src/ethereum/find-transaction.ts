import { BLAKE2B_256, type Cid, createCid, DAG_CBOR } from '@troupe/ipld'
import type { PendingMessage } from 'troupe'
import type { RpcHost } from '../host.ts'
import { toHex } from '../text/hex.ts'
import type { BlockEntry, BlockView } from './block-view.ts'
import { hashOfMessage } from './transaction.ts'

/** A message of the chain, in its block. */
export interface FoundMessage {
  readonly view: BlockView
  readonly entry: BlockEntry
}

/** A message that a block of the chain has. `undefined` where none has, and where the block is on another branch. */
function findMessage(host: RpcHost, cid: Cid): FoundMessage | undefined {
  const { chain } = host.vm
  const place = chain.findMessage(cid)
  if (place === undefined) return undefined
  const tipset = chain.tipset(place.block)
  if (chain.tipsetAtOrBelow(tipset.header.height)?.cid.equals(tipset.cid) !== true) return undefined
  const view = host.block(tipset)
  const entry = view.entries[place.index]
  return entry === undefined ? undefined : { view, entry }
}

/** The message of a transaction hash; see {@link findMessage}. */
export function findTransaction(host: RpcHost, hash: Uint8Array): FoundMessage | undefined {
  return findMessage(host, createCid(DAG_CBOR, BLAKE2B_256, hash))
}

/** The message of a transaction hash that waits for a block. */
export function findPending({ setting, vm }: RpcHost, hash: Uint8Array): PendingMessage | undefined {
  const wanted = toHex(hash)
  return vm.pool.pending.find((pending) => hashOfMessage(setting, pending) === wanted)
}
