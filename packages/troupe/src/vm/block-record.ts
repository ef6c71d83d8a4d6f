import type { TokenAmount } from '@troupe/hypervisor'
import { type Cid, isCid } from '@troupe/ipld'
import { inEncodedOrder } from '../chain/block-message.ts'
import { loadReceipts, toEntries } from '../chain/block-messages.ts'
import type { Chain } from '../chain/chain.ts'
import type { Tipset } from '../chain/tipset.ts'
import { tipsetKeyCid } from '../chain/tipset-key.ts'
import { TroupeError } from '../errors.ts'
import { formatHash, parseHash } from '../ethereum/hex.ts'
import { cidOfHash, messageHash } from '../ethereum/message-hash.ts'
import type { TransactionRecord } from './transaction-record.ts'

/** Whatever names a block: its CID, an epoch, or the hash that Ethereum's tools have for it, `0x` and 64 digits. */
export type BlockName = Cid | bigint | string

/** A block on the way to the head, with what became of its messages. */
export interface BlockRecord {
  readonly cid: Cid
  /** The digest of the CID of its tipset's key, `0x` and 64 digits. */
  readonly hash: string
  /** None of a first block. */
  readonly parentHash: string | undefined
  readonly epoch: bigint
  /** Seconds since 1970. */
  readonly timestamp: bigint
  /** attoFIL for one gas, in this block. */
  readonly baseFee: TokenAmount
  /** The state after it. */
  readonly root: Cid
  /** Of all messages together. What queued ones use is a part of it: they are paid for by those that they come from. */
  readonly gasUsed: bigint
  /** In the order of execution, each with its place. */
  readonly messages: readonly TransactionRecord[]
  /** What actors had left to its end, in the order of execution, which is after the messages; their indexes go on from there. */
  readonly queued: readonly TransactionRecord[]
}

/**
 * The block of a name, where it is on the way to the head. At an epoch without one there is none.
 * @throws {TroupeError} block/name for a text that is no hash
 */
export function findBlock(chain: Chain, name: BlockName): BlockRecord | undefined {
  const tipset = tipsetOfName(chain, name)
  return tipset === undefined || !chain.isOnBranch(tipset) ? undefined : recordOf(chain, tipset)
}

function tipsetOfName(chain: Chain, name: BlockName): Tipset | undefined {
  if (typeof name === 'bigint') {
    const tipset = chain.tipsetAtOrBelow(name)
    return tipset?.header.height === name ? tipset : undefined
  }
  if (isCid(name)) return chain.hasTipset(name) ? chain.tipset(name) : undefined
  const hash = parseHash(name)
  if (hash === undefined)
    throw new TroupeError('block/name', `"${name.slice(0, 100)}" names no block: it is no hash`)
  return chain.tipsetOfKey(cidOfHash(hash))
}

function recordOf(chain: Chain, tipset: Tipset): BlockRecord {
  const { cid, header, key, receiptsRoot, stateRoot } = tipset
  const { crypto } = chain.blocks
  const blockHash = formatHash(key.multihash.digest)
  const receipts = loadReceipts(chain.blocks, chain.rules.rules, receiptsRoot)
  const messages = inEncodedOrder(crypto, toEntries(chain.messagesOf(tipset))).map(
    (entry, index): TransactionRecord => {
      const { isImpersonated = false, message, signature } = entry
      const receipt = receipts[index]
      if (receipt === undefined)
        throw new TroupeError('block/malformed', `the message ${entry.cid} has no receipt`)
      return {
        hash: formatHash(messageHash(crypto, entry, entry.cid, chain.rules.chainId)),
        ...{ cid: entry.cid, message, signature, isImpersonated, isQueued: false },
        place: { block: cid, blockHash, epoch: header.height, index, receipt },
      }
    },
  )
  const queued = chain.queuedOf(tipset).map((entry, position): TransactionRecord => {
    const index = messages.length + position
    return {
      ...{ hash: formatHash(entry.cid.multihash.digest), cid: entry.cid, message: entry.message },
      ...{ signature: undefined, isImpersonated: false, isQueued: true },
      place: { block: cid, blockHash, epoch: header.height, index, receipt: entry.receipt },
    }
  })
  return {
    ...{ cid, hash: blockHash, messages, queued, root: stateRoot },
    parentHash:
      header.parents.length === 0
        ? undefined
        : formatHash(tipsetKeyCid(crypto, header.parents).multihash.digest),
    epoch: header.height,
    timestamp: header.timestamp,
    baseFee: header.parentBaseFee,
    gasUsed: receipts.reduce((sum, { gasUsed }) => sum + gasUsed, 0n),
  }
}
