import { CodedError } from '@troupe/crypto'
import type { Message, Receipt, Signature } from '@troupe/hypervisor'
import { type Cid, isCid, parseCid } from '@troupe/ipld'
import type { BlockMessage } from '../chain/block-message.ts'
import { loadReceipt } from '../chain/block-messages.ts'
import type { Chain } from '../chain/chain.ts'
import { TroupeError } from '../errors.ts'
import { formatHash, parseHash } from '../ethereum/hex.ts'
import { messageHash } from '../ethereum/message-hash.ts'
import type { MessagePool } from '../pool/message-pool.ts'

/** Whatever names a message: its CID, the text of that, or its hash, `0x` and 64 digits. */
export type MessageName = Cid | string

/** A message as Ethereum's tools ask for it: what it is, and where. */
export interface TransactionRecord {
  /** `0x` and 64 digits: of the Ethereum transaction, where the message was made from one, otherwise the digest of the CID. */
  readonly hash: string
  readonly cid: Cid
  readonly message: Message
  /** None where the block does not keep it. */
  readonly signature: Signature | undefined
  /** Whether it was executed although its sender cannot send messages. */
  readonly isImpersonated: boolean
  /** Whether an actor has left it to the end of its block: nobody has signed it, and what it costs is a part of the gas of the message that it comes from. */
  readonly isQueued: boolean
  /** Where it stands on the way to the head, and what became of it; `undefined` while it waits. */
  readonly place: TransactionPlace | undefined
}

/** Where a message stands. */
export interface TransactionPlace {
  /** CID of the block. */
  readonly block: Cid
  /** How Ethereum's tools call the block: the digest of the CID of its tipset's key, `0x` and 64 digits. */
  readonly blockHash: string
  readonly epoch: bigint
  /** In the order of execution. */
  readonly index: number
  readonly receipt: Receipt
}

/**
 * The message of a name, among those that wait and those that were executed on any branch; `undefined` for a hash that nobody knows.
 * @throws {TroupeError} message/name for a text that names no message
 */
export function cidOfName(chain: Chain, pool: MessagePool, name: MessageName): Cid | undefined {
  if (isCid(name)) return name
  if (typeof name !== 'string')
    throw new TroupeError('message/name', `this names no message: it is no CID and no text (${typeof name})`)
  const hash = parseHash(name)
  if (hash !== undefined)
    return pool.find(hash)?.cid ?? chain.messageOfHash(hash) ?? pool.refusalOf(hash)?.cid
  try {
    return parseCid(name)
  } catch (cause) {
    if (!(cause instanceof CodedError)) throw cause
    throw new TroupeError(
      'message/name',
      `"${name.slice(0, 100)}" names no message: it is no hash and no CID`,
      {
        cause,
      },
    )
  }
}

/** The message of a CID, where it waits or stands on the way to the head. */
export function findTransaction(chain: Chain, pool: MessagePool, cid: Cid): TransactionRecord | undefined {
  const place = chain.findOnBranch(cid)
  const entry: BlockMessage | undefined = place === undefined ? pool.find(cid) : chain.messageAt(place)
  if (entry === undefined) return undefined
  const { isImpersonated = false, message, signature } = entry
  const hash = messageHash(chain.blocks.crypto, entry, cid, chain.rules.chainId)
  const record = { hash: formatHash(hash), cid, message, signature, isImpersonated }
  if (place === undefined) return { ...record, isQueued: false, place }
  const { header, key, receiptsRoot } = chain.tipset(place.block)
  const queued = chain.queuedAt(place)
  const receipt = queued?.receipt ?? loadReceipt(chain.blocks, chain.rules.rules, receiptsRoot, place.index)
  if (receipt === undefined) throw new TroupeError('block/malformed', `the message ${cid} has no receipt`)
  const blockHash = formatHash(key.multihash.digest)
  const isQueued = queued !== undefined
  return { ...record, isQueued, place: { ...place, blockHash, epoch: header.height, receipt } }
}
