import type { Address } from '@troupe/hypervisor'
import type { Cid } from '@troupe/ipld'
import { FIRST_QUEUED_SEQUENCE, queuedCount, type Tipset } from 'troupe'
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

/** The message of a sender with a sequence number, on the way to the head; see {@link findMessage}. Sequence numbers grow, so that few blocks are looked at. */
export function findTransactionOfSender(
  host: RpcHost,
  sender: Address,
  sequence: bigint,
): FoundMessage | undefined {
  const { chain } = host.vm
  const isQueued = sequence >= FIRST_QUEUED_SEQUENCE && chain.rules.rules.messageQueue !== undefined
  const hasSent = (tipset: Tipset): boolean => {
    if (isQueued) return FIRST_QUEUED_SEQUENCE + queuedCount(chain.machineAfter(tipset)) > sequence
    const { state } = host.block(tipset)
    const id = state.lookupId(sender)
    return ((id === undefined ? undefined : state.getActor(id)?.sequence) ?? 0n) > sequence
  }
  // Before `from` it was not sent, and at `to` it was.
  let to = chain.head
  if (!hasSent(to)) return undefined
  let from = 0n
  while (from < to.header.height) {
    const middle = chain.tipsetAtOrBelow((from + to.header.height) / 2n)
    if (middle !== undefined && middle.header.height >= from && hasSent(middle)) to = middle
    else from = (from + to.header.height) / 2n + 1n
  }
  const view = host.block(to)
  const entry = view.entries.find(
    ({ message }) =>
      message.sequence === sequence && view.state.lookupId(message.from) === view.state.lookupId(sender),
  )
  return entry === undefined ? undefined : { view, entry }
}
