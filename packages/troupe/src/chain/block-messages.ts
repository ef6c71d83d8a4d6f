/**
 * @module What a block says of its messages, and of the receipts of the tipset before it.
 *
 * | block | shape |
 * | --- | --- |
 * | messages of a header | DAG-CBOR `[CID of the BLS messages, CID of the secp256k1 messages]`; in a block with impersonated messages their CID comes third, and in one with edits (`edits.ts`) that of these comes fourth |
 * | BLS messages | AMT of version 0 (root `[height, count, node]`, width 3) of CIDs of unsigned messages |
 * | secp256k1 messages | the same of CIDs of signed messages; those with delegated signatures stand here too |
 * | impersonated messages | the same of CIDs of unsigned messages, whose senders cannot send messages |
 * | receipts | AMT of version 0 of the receipts themselves, in the order of execution |
 * | events of a receipt | AMT of version 3, bit width 5, of `[emitter, [[flags, key, codec, value]...]]` |
 *
 * Differs: Filecoin has no impersonated messages and no edits, and its nodes refuse tuples of three and four. All other blocks are as theirs.
 *
 * Source: lotus chain/types/msgmeta.go, chain/store/messages.go, chain/consensus/compute_state.go.
 */
import {
  chainLength,
  decodeMessage,
  decodeSignedMessage,
  encodeMessage,
  type Message,
  type Receipt,
  type RequiredFidelity,
  type RuleSet,
  receiptCodec,
  SignatureType,
  type SignedMessage,
  type StampedEvent,
  stampedEventCodec,
} from '@troupe/hypervisor'
import { CborReader, type CborStore, CborWriter, type Cid, DAG_CBOR, type ValueCodec } from '@troupe/ipld'
import { Amt } from '@troupe/ipld/amt'
import { TroupeError } from '../errors.ts'
import {
  type BlockMessage,
  delegatedData,
  type EncodedMessage,
  inEncodedOrder,
  listOfMessage,
} from './block-message.ts'

/** The messages of a block, in the order in which they are executed: all BLS messages, then those with other signatures, then the impersonated ones. */
export interface BlockMessages {
  readonly bls: readonly Message[]
  readonly secp256k1: readonly SignedMessage[]
  readonly impersonated: readonly Message[]
}

const cidCodec: ValueCodec<Cid> = {
  encode: (writer, cid) => void writer.cid(cid),
  decode: (reader) => reader.cid(),
}
/** Bit width of the AMT of events. */
const EVENTS_BIT_WIDTH = 5

/** Splits messages into the two lists of a block. */
export function toBlockMessages(messages: readonly BlockMessage[]): BlockMessages {
  const bls: Message[] = []
  const secp256k1: SignedMessage[] = []
  const impersonated: Message[] = []
  for (const { isImpersonated, message, signature } of messages)
    if (isImpersonated === true) impersonated.push(message)
    else if (signature === undefined || signature.type === SignatureType.BLS) bls.push(message)
    else secp256k1.push({ message, signature })
  return { bls, secp256k1, impersonated }
}

/** The messages of a block in the order of execution, as {@link toBlockMessages} takes them. */
export function toEntries({ bls, impersonated, secp256k1 }: BlockMessages): BlockMessage[] {
  return [
    ...bls.map((message) => ({ message })),
    ...secp256k1,
    ...impersonated.map((message) => ({ message, isImpersonated: true as const })),
  ]
}

/** Writes the messages of a block, and gives the CID for its header. */
export function storeBlockMessages(store: CborStore, messages: BlockMessages): Cid {
  return storeEncodedMessages(store, inEncodedOrder(store.crypto, toEntries(messages)))
}

/**
 * Writes the messages of a block, which stand in the order of {@link inEncodedOrder}, and gives the CID for its header.
 * @param edits the list of edits that the block carries
 */
export function storeEncodedMessages(
  store: CborStore,
  messages: readonly EncodedMessage[],
  edits?: Cid,
): Cid {
  const lists = [[], [], []] as [EncodedMessage[], EncodedMessage[], EncodedMessage[]]
  for (const entry of messages) lists[listOfMessage(entry)].push(entry)
  const [bls, secp256k1, impersonated] = lists
  const list = (entries: readonly EncodedMessage[]): Cid => {
    const amt = Amt.create(store, { value: cidCodec, version: 0 })
    entries.forEach(({ bytes, cid }, index) => {
      store.blocks.put(cid, bytes)
      amt.set(index, cid)
    })
    return amt.flush()
  }
  const writer = new CborWriter()
    .array(edits !== undefined ? 4 : impersonated.length === 0 ? 2 : 3)
    .cid(list(bls))
    .cid(list(secp256k1))
  if (edits !== undefined || impersonated.length > 0) writer.cid(list(impersonated))
  if (edits !== undefined) writer.cid(edits)
  return store.putBlock(DAG_CBOR, writer.finish())
}

/**
 * Reads the messages of a block.
 * @throws {TroupeError} block/malformed
 * @throws {IpldError} where a block is absent or malformed
 * @throws {HypervisorError} message/malformed
 */
export function loadBlockMessages(store: CborStore, cid: Cid): BlockMessages {
  const { bls, impersonated, secp256k1 } = loadLists(store, cid)
  return {
    bls: loadBlocks(store, bls).map((bytes) => decodeMessage(bytes)),
    secp256k1: loadBlocks(store, secp256k1).map((bytes) => decodeSignedMessage(bytes)),
    impersonated:
      impersonated === undefined ? [] : loadBlocks(store, impersonated).map((bytes) => decodeMessage(bytes)),
  }
}

/** The list of edits that a block carries; `undefined` where it has none. @throws as {@link loadBlockMessages} */
export function blockEdits(store: CborStore, cid: Cid): Cid | undefined {
  return loadLists(store, cid).edits
}

function loadLists(
  store: CborStore,
  cid: Cid,
): { bls: Cid; secp256k1: Cid; impersonated: Cid | undefined; edits: Cid | undefined } {
  const reader = new CborReader(store.getBlock(cid))
  const length = reader.array()
  if (length < 2 || length > 4)
    throw new TroupeError('block/malformed', `a block has two to four lists of messages, not ${length}`)
  const lists = {
    ...{ bls: reader.cid(), secp256k1: reader.cid() },
    impersonated: length > 2 ? reader.cid() : undefined,
    edits: length > 3 ? reader.cid() : undefined,
  }
  reader.end()
  return lists
}

/** A message as it is executed. */
export interface ChainedMessage {
  readonly message: Message
  /** Bytes that it takes on chain, for which inclusion is charged. */
  readonly length: number
  /** Data of a delegated signature, for a sender whose own code judges it. */
  readonly signature: Uint8Array | undefined
  /** Whether it is executed although its sender cannot send messages. */
  readonly isImpersonated: boolean
  /** See {@link EncodedMessage}. */
  readonly requireFidelity?: RequiredFidelity | undefined
}

/** The messages in the order of execution. */
export function inOrder({ bls, impersonated, secp256k1 }: BlockMessages): ChainedMessage[] {
  const unsigned = (message: Message, isImpersonated: boolean): ChainedMessage => ({
    ...{ message, isImpersonated, signature: undefined },
    length: encodeMessage(message).length,
  })
  return [
    ...bls.map((message) => unsigned(message, false)),
    ...secp256k1.map((signed) => ({
      ...{ message: signed.message, isImpersonated: false },
      length: chainLength(signed),
      signature: delegatedData(signed),
    })),
    ...impersonated.map((message) => unsigned(message, true)),
  ]
}

/** The same of a message that is encoded already. */
export function chained(entry: EncodedMessage): ChainedMessage {
  const { bytes, isImpersonated = false, message, requireFidelity } = entry
  return { message, length: bytes.length, signature: delegatedData(entry), isImpersonated, requireFidelity }
}

/** Writes receipts, and gives the root of their AMT. */
export function storeReceipts(store: CborStore, rules: RuleSet, receipts: readonly Receipt[]): Cid {
  const amt = Amt.create(store, { value: receiptCodec(rules.receiptArity), version: 0 })
  receipts.forEach((receipt, index) => {
    amt.set(index, receipt)
  })
  return amt.flush()
}

/** Reads all receipts under a root. @throws {IpldError} where a block is absent or malformed */
export function loadReceipts(store: CborStore, rules: RuleSet, root: Cid): Receipt[] {
  return listOf(Amt.load(store, root, { value: receiptCodec(rules.receiptArity), version: 0 }))
}

/** Reads one receipt; `undefined` where there is none. @throws {IpldError} where a block is absent or malformed */
export function loadReceipt(store: CborStore, rules: RuleSet, root: Cid, index: number): Receipt | undefined {
  return Amt.load(store, root, { value: receiptCodec(rules.receiptArity), version: 0 }).get(index)
}

/** Writes the events of a message, and gives the root that its receipt names. */
export function storeEvents(store: CborStore, events: readonly StampedEvent[]): Cid {
  const amt = Amt.create(store, { bitWidth: EVENTS_BIT_WIDTH, value: stampedEventCodec })
  events.forEach((event, index) => {
    amt.set(index, event)
  })
  return amt.flush()
}

/** Reads the events under the root that a receipt names. @throws {IpldError} where a block is absent or malformed */
export function loadEvents(store: CborStore, root: Cid): StampedEvent[] {
  return listOf(Amt.load(store, root, { bitWidth: EVENTS_BIT_WIDTH, value: stampedEventCodec }))
}

/** How much is read of events under a root that anybody may have made. */
export interface EventLimits {
  readonly events: number
  /** Of keys and values. */
  readonly bytes: number
}

/** Reads the events under a root; `undefined` where there are more than the limits say. @throws {IpldError} as {@link loadEvents} */
export function loadEventsWithin(
  store: CborStore,
  root: Cid,
  limits: EventLimits,
): StampedEvent[] | undefined {
  const amt = Amt.load(store, root, { bitWidth: EVENTS_BIT_WIDTH, value: stampedEventCodec })
  if (amt.count > limits.events) return undefined
  const events: StampedEvent[] = []
  let bytes = 0
  for (let index = 0; index < amt.count; index++) {
    const event = itemAt(amt, index)
    for (const { key, value } of event.entries) bytes += key.length + value.length
    if (bytes > limits.bytes) return undefined
    events.push(event)
  }
  return events
}

function loadBlocks(store: CborStore, root: Cid): Uint8Array[] {
  return listOf(Amt.load(store, root, { value: cidCodec, version: 0 })).map((cid) => store.getBlock(cid))
}

/** The values of an array without gaps. @throws {TroupeError} block/malformed */
export function listOf<V>(amt: Amt<V>): V[] {
  return Array.from({ length: Number(amt.count) }, (_, index) => itemAt(amt, index))
}

function itemAt<V>(amt: Amt<V>, index: number): V {
  const value = amt.get(index)
  if (value === undefined)
    throw new TroupeError('block/malformed', `a list of ${amt.count} has no item ${index}`)
  return value
}
