import type { SourceLookup } from '@troupe/hypervisor'
import type { Cid } from '@troupe/ipld'
import type { Chain } from '../chain/chain.ts'
import { formatHash } from '../ethereum/hex.ts'
import { messageHash } from '../ethereum/message-hash.ts'
import { type MessageOutcome, toOutcome, toQueuedOutcome } from './outcome.ts'

/** What became of a message that has its block, from executing that once more; `undefined` where no block has it. */
export function replayedOutcome(chain: Chain, cid: Cid, locate: SourceLookup): MessageOutcome | undefined {
  const place = chain.findMessage(cid)
  if (place === undefined) return undefined
  const tipset = chain.tipset(place.block)
  const { messages, queued: all } = chain.replay(tipset, { locate })
  const replayed = messages[place.index] ?? all[place.index - messages.length]
  if (replayed === undefined) return undefined
  const { message, result, trace } = replayed
  const queued = 'queued' in replayed ? replayed.queued : []
  const hash = messageHash(chain.blocks.crypto, chain.messageAt(place), cid, chain.rules.chainId)
  return {
    ...{ ...toOutcome(message, result, trace), cid, hash: formatHash(hash) },
    ...{ block: tipset.cid, epoch: tipset.header.height },
    queued: queued.map((each) => toQueuedOutcome(each, each.trace)),
  }
}
