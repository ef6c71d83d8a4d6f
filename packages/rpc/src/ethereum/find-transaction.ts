import type { Cid } from '@troupe/ipld'
import type { RpcHost } from '../host.ts'
import type { BlockEntry, BlockView } from './block-view.ts'

/** A message of the chain, in its block. */
export interface FoundMessage {
  readonly view: BlockView
  readonly entry: BlockEntry
}

/** A message that stands on the way to the head; `undefined` where it does not. */
export function findMessage(host: RpcHost, cid: Cid): FoundMessage | undefined {
  const { chain } = host.vm
  const place = chain.findOnBranch(cid)
  if (place === undefined) return undefined
  const view = host.block(chain.tipset(place.block))
  const entry = view.entries[place.index]
  return entry === undefined ? undefined : { view, entry }
}

/** The message of a transaction hash; see {@link findMessage}. */
export function findTransaction(host: RpcHost, hash: Uint8Array): FoundMessage | undefined {
  const cid = host.vm.chain.messageOfHash(hash)
  return cid === undefined ? undefined : findMessage(host, cid)
}
