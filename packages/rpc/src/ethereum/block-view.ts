import {
  type Message,
  messageCid,
  type Receipt,
  type SignedMessage,
  StateTree,
  signedMessageCid,
} from '@troupe/hypervisor'
import type { Cid } from '@troupe/ipld'
import { loadEvents, loadReceipts, type Tipset, type Troupe, tipsetKeyCid } from 'troupe'
import { messageHash } from 'troupe/ethereum'
import { type Hex, toHex } from '../text/hex.ts'
import { ethereumAddressOfId } from './address.ts'
import { blockHash } from './find-block.ts'
import { logOfEvent } from './log-event.ts'

/** A log, with where it stands in its block. */
export interface BlockLog {
  readonly address: Hex
  readonly topics: readonly Hex[]
  readonly data: Hex
  /** Among all logs of the block. */
  readonly logIndex: number
  readonly transactionIndex: number
}

/** A message under its name. */
export interface NamedMessage {
  readonly message: Message
  /** None where the block does not keep it. */
  readonly signature?: SignedMessage['signature'] | undefined
  readonly cid: Cid
  /** How Ethereum's tools call it, 32 bytes: the hash of the transaction that it was made from, or else the digest of its CID. */
  readonly hash: Uint8Array
}

/** A message of a block, with what became of it. */
export interface BlockEntry extends NamedMessage {
  readonly index: number
  readonly receipt: Receipt
  readonly logs: readonly BlockLog[]
  /** Gas of this message and of those before it. That of queued ones is a part of the gas of those that they come from, and not counted twice. */
  readonly cumulativeGas: bigint
  /** Of a message that an actor had left to the end of the block: the index of the one that it comes from, if that is in the block. */
  readonly queued?: { readonly cause: number | undefined }
}

/** A block as Ethereum's tools see it, which may be one that nobody has produced. */
export interface BlockContents {
  readonly hash: Hex
  readonly parentHash: Hex
  readonly number: bigint
  /** Seconds since 1970. */
  readonly timestamp: bigint
  /** attoFIL for one gas. */
  readonly baseFee: bigint
  /** The state after it. */
  readonly state: StateTree
  /** In the order of execution: the block's messages, and those that actors had left to its end. */
  readonly entries: readonly BlockEntry[]
}

/** All of a block of the chain that Ethereum's tools ask for. */
export interface BlockView extends BlockContents {
  readonly tipset: Tipset
}

const NO_PARENT: Hex = `0x${'0'.repeat(64)}`

/** Reads a block. */
export function loadBlockView(
  { chain, crypto }: Pick<Troupe, 'chain' | 'crypto'>,
  tipset: Tipset,
): BlockView {
  const state = StateTree.load(chain.blocks, tipset.stateRoot, chain.rules.rules)
  const receipts = loadReceipts(chain.blocks, chain.rules.rules, tipset.receiptsRoot)
  const { bls, impersonated, secp256k1 } = chain.messagesOf(tipset)
  const named = (message: Message, cid: Cid, signature?: NamedMessage['signature']): NamedMessage => ({
    ...{ message, signature, cid },
    hash: messageHash(crypto, { message, signature }, cid, chain.rules.chainId),
  })
  const own = [
    ...bls.map((message) => named(message, messageCid(crypto, message))),
    ...secp256k1.map((signed) => named(signed.message, signedMessageCid(crypto, signed), signed.signature)),
    ...impersonated.map((message) => named(message, messageCid(crypto, message))),
  ]
  const messages = [
    ...own.map((entry, index) => ({ ...entry, receipt: receipts[index] as Receipt })),
    ...chain.queuedOf(tipset).map(({ cause, cid, message, receipt }) => ({
      ...{ ...named(message, cid), receipt },
      queued: { cause },
    })),
  ]
  let [logIndex, cumulativeGas] = [0, 0n]
  const entries = messages.map((entry, index): BlockEntry => {
    const { receipt } = entry
    if (!('queued' in entry)) cumulativeGas += receipt.gasUsed
    const events = receipt.eventsRoot == null ? [] : loadEvents(chain.blocks, receipt.eventsRoot)
    const logs = events.flatMap((event): BlockLog[] => {
      const log = logOfEvent(event)
      if (log === undefined) return []
      const address = ethereumAddressOfId(state, event.emitter)
      const [topics, data] = [log.topics.map(toHex), toHex(log.data)]
      return [{ address, topics, data, logIndex: logIndex++, transactionIndex: index }]
    })
    return { index, ...entry, logs, cumulativeGas }
  })
  const { height: number, parentBaseFee: baseFee, parents, timestamp } = tipset.header
  const parentHash = parents.length === 0 ? NO_PARENT : toHex(tipsetKeyCid(crypto, parents).multihash.digest)
  return { tipset, hash: blockHash(tipset), parentHash, number, timestamp, baseFee, state, entries }
}
