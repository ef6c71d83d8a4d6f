/**
 * @module What a block says of its messages, and of the receipts of the tipset before it.
 *
 * | block | shape |
 * | --- | --- |
 * | messages of a header | DAG-CBOR `[CID of the BLS messages, CID of the secp256k1 messages]` |
 * | BLS messages | AMT of version 0 (root `[height, count, node]`, width 3) of CIDs of unsigned messages |
 * | secp256k1 messages | the same of CIDs of signed messages; those with delegated signatures stand here too |
 * | receipts | AMT of version 0 of the receipts themselves, in the order of execution |
 * | events of a receipt | AMT of version 3, bit width 5, of `[emitter, [[flags, key, codec, value]...]]` |
 *
 * Source: lotus chain/types/msgmeta.go, chain/store/messages.go, chain/consensus/compute_state.go.
 */
import {
  chainLength,
  decodeMessage,
  decodeSignedMessage,
  encodeMessage,
  encodeSignedMessage,
  type Message,
  type Receipt,
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

/**
 * A message as a block carries it. One without a signature stands among the BLS messages, whose signatures a block keeps only as one aggregate.
 */
export type BlockMessage = { readonly message: Message; readonly signature?: SignedMessage['signature'] }

/** The messages of a block, in the order in which they are executed: all BLS messages, and then the others. */
export interface BlockMessages {
  readonly bls: readonly Message[]
  readonly secp256k1: readonly SignedMessage[]
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
  for (const { message, signature } of messages)
    if (signature === undefined || signature.type === SignatureType.BLS) bls.push(message)
    else secp256k1.push({ message, signature })
  return { bls, secp256k1 }
}

/** Writes the messages of a block, and gives the CID for its header. */
export function storeBlockMessages(store: CborStore, { bls, secp256k1 }: BlockMessages): Cid {
  const list = (blocks: readonly Uint8Array[]): Cid => {
    const amt = Amt.create(store, { value: cidCodec, version: 0 })
    blocks.forEach((bytes, index) => {
      amt.set(index, store.putBlock(DAG_CBOR, bytes))
    })
    return amt.flush()
  }
  const writer = new CborWriter()
    .array(2)
    .cid(list(bls.map(encodeMessage)))
    .cid(list(secp256k1.map(encodeSignedMessage)))
  return store.putBlock(DAG_CBOR, writer.finish())
}

/**
 * Reads the messages of a block.
 * @throws {IpldError} where a block is absent or malformed
 * @throws {HypervisorError} message/malformed
 */
export function loadBlockMessages(store: CborStore, cid: Cid): BlockMessages {
  const reader = new CborReader(store.getBlock(cid))
  reader.tuple(2)
  const [bls, secp256k1] = [reader.cid(), reader.cid()]
  reader.end()
  return {
    bls: loadBlocks(store, bls).map((bytes) => decodeMessage(bytes)),
    secp256k1: loadBlocks(store, secp256k1).map((bytes) => decodeSignedMessage(bytes)),
  }
}

/** A message as it is executed. */
export interface ChainedMessage {
  readonly message: Message
  /** Bytes that it takes on chain, for which inclusion is charged. */
  readonly length: number
  /** Data of a delegated signature, for a sender whose own code judges it. */
  readonly signature: Uint8Array | undefined
}

/** The messages in the order of execution. */
export function inOrder({ bls, secp256k1 }: BlockMessages): ChainedMessage[] {
  return [
    ...bls.map((message) => ({
      ...{ message, signature: undefined },
      length: encodeMessage(message).length,
    })),
    ...secp256k1.map((signed) => ({
      message: signed.message,
      length: chainLength(signed),
      signature: delegatedData(signed),
    })),
  ]
}

/** What the code of an abstract account is given of a signature: the data of a delegated one. */
export function delegatedData({ signature }: BlockMessage): Uint8Array | undefined {
  return signature?.type === SignatureType.DELEGATED ? signature.data : undefined
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

function loadBlocks(store: CborStore, root: Cid): Uint8Array[] {
  return listOf(Amt.load(store, root, { value: cidCodec, version: 0 })).map((cid) => store.getBlock(cid))
}

/** The values of an array without gaps. */
function listOf<V>(amt: Amt<V>): V[] {
  return Array.from({ length: Number(amt.count) }, (_, index) => {
    const value = amt.get(index)
    if (value === undefined)
      throw new TroupeError('block/malformed', `a list of ${amt.count} has no item ${index}`)
    return value
  })
}
