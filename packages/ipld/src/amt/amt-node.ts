/**
 * @module Nodes of an AMT, in memory and in bytes.
 *
 * *Shape*: `[bitmap bytes, [links], [values]]`. The bitmap has one bit for each of the 2^bitWidth slots, least significant bit first, in at least one
 * byte; the items of the slots that are taken follow in slot order. Nodes at height 0 hold values, all others links to nodes one lower.
 *
 * *Source*: ref-fvm@master ipld/amt/src/node.rs; the stricter checks are those of go-amt-ipld@v4 node.go.
 */
import type { CborReader } from '../cbor/reader.ts'
import type { ValueCodec } from '../cbor/value-codec.ts'
import type { CborWriter } from '../cbor/writer.ts'
import { type Cid, DAG_CBOR } from '../cid/cid.ts'
import { IpldError } from '../errors.ts'

/** A way from a node to one below. Without a CID it is dirty: its node has changed since it was last written, or never was. */
export interface AmtLink<V> {
  cid: Cid | undefined
  /** The node behind the CID, once it was read. Always there where the CID is not. */
  node: AmtNode<V> | undefined
}

/** A node that belongs to one tree, which may change it. Items stand in slot order, one for each bit that is set. */
export interface AmtNode<V> {
  readonly bitmap: Uint8Array
  readonly links: AmtLink<V>[]
  readonly values: V[]
}

/** What says which slots of a node are taken. */
type Slots = Pick<AmtNode<unknown>, 'bitmap'>

/** The bytes of a bitmap. */
function bitmapLength(bitWidth: number): number {
  return bitWidth <= 3 ? 1 : 1 << (bitWidth - 3)
}

/** A node without items. */
export function emptyNode<V>(bitWidth: number): AmtNode<V> {
  return { bitmap: new Uint8Array(bitmapLength(bitWidth)), links: [], values: [] }
}

/** Whether a node has no items. */
export function isEmptyNode(node: AmtNode<unknown>): boolean {
  return node.links.length === 0 && node.values.length === 0
}

/** Whether a slot is taken. */
export function hasSlot(node: Slots, slot: number): boolean {
  return (((node.bitmap[slot >>> 3] as number) >>> (slot & 7)) & 1) === 1
}

/** Marks a slot as taken or free. The caller adds or removes the item, at the slot's rank. */
export function markSlot(node: Slots, slot: number, taken: boolean): void {
  const byte = slot >>> 3
  const bit = 1 << (slot & 7)
  const old = node.bitmap[byte] as number
  node.bitmap[byte] = taken ? old | bit : old & ~bit
}

/** How many slots below this one are taken: where the item of the slot stands, or would. */
export function rankOf(node: Slots, slot: number): number {
  const { bitmap } = node
  let rank = countOnes((bitmap[slot >>> 3] as number) & ((1 << (slot & 7)) - 1))
  for (let i = (slot >>> 3) - 1; i >= 0; i--) rank += countOnes(bitmap[i] as number)
  return rank
}

/** The slots that are taken, ascending, from `from` on. */
export function* slotsOf(node: Slots, from = 0): Generator<number, void, undefined> {
  const { bitmap } = node
  for (let byte = from >>> 3; byte < bitmap.length; byte++) {
    if (bitmap[byte] === 0) continue
    for (let slot = Math.max(byte * 8, from); slot < byte * 8 + 8; slot++) if (hasSlot(node, slot)) yield slot
  }
}

/** Writes a node. Every link has its CID. */
export function writeNode<V>(writer: CborWriter, node: AmtNode<V>, values: ValueCodec<V>): void {
  writer.array(3).bytes(node.bitmap).array(node.links.length)
  for (const link of node.links) writer.cid(link.cid as Cid)
  writer.array(node.values.length)
  for (const value of node.values) values.encode(writer, value)
}

/** What a node is checked against as it is read. */
export interface AmtNodePlace {
  readonly bitWidth: number
  readonly height: number
  /** The root may be without items, at height 0. */
  readonly mayBeEmpty: boolean
}

/**
 * Reads a node.
 *
 * Differs: the reference reads nodes whose kind does not suit their height, empty ones anywhere, and bitmaps with bits beyond the width, and gives
 * nothing, something or a panic when asked for their items. No writer makes them; here and in go-amt-ipld they are refused.
 *
 * @throws {IpldError} amt/bitmap-length, amt/bitmap-count, amt/links-and-values, amt/wrong-node-kind, amt/empty-node, amt/link-codec,
 *   cbor/..., cid/malformed
 */
export function readNode<V>(reader: CborReader, place: AmtNodePlace, values: ValueCodec<V>): AmtNode<V> {
  const { bitWidth } = place
  reader.tuple(3)
  // A copy: the node may be changed, the block may not.
  const bitmap = reader.bytes().slice()
  if (bitmap.length !== bitmapLength(bitWidth)) {
    throw new IpldError('amt/bitmap-length', `a bitmap of ${bitmap.length} bytes at bit width ${bitWidth}`)
  }
  const node: AmtNode<V> = { bitmap, links: [], values: [] }
  const linkCount = reader.array()
  for (let i = 0; i < linkCount; i++) node.links.push({ cid: readLink(reader), node: undefined })
  const valueCount = reader.array()
  checkKind(linkCount, valueCount, place)
  for (let i = 0; i < valueCount; i++) node.values.push(values.decode(reader))
  checkCount(node, bitWidth)
  return node
}

function readLink(reader: CborReader): Cid {
  const cid = reader.cid()
  if (cid.code !== DAG_CBOR) throw new IpldError('amt/link-codec', `a link to a block of codec ${cid.code}`)
  return cid
}

function checkKind(linkCount: number, valueCount: number, { height, mayBeEmpty }: AmtNodePlace): void {
  if (linkCount > 0 && valueCount > 0) {
    throw new IpldError('amt/links-and-values', `${linkCount} links and ${valueCount} values in one node`)
  }
  if (height === 0 ? linkCount > 0 : valueCount > 0) {
    throw new IpldError('amt/wrong-node-kind', `${height === 0 ? 'links' : 'values'} at height ${height}`)
  }
  if (linkCount + valueCount === 0 && !mayBeEmpty) {
    throw new IpldError('amt/empty-node', `a node without items at height ${height}`)
  }
}

function checkCount({ bitmap, links, values }: AmtNode<unknown>, bitWidth: number): void {
  let ones = 0
  for (const byte of bitmap) ones += countOnes(byte)
  const beyondWidth = bitWidth < 3 && (bitmap[0] as number) >>> (1 << bitWidth) !== 0
  if (ones !== links.length + values.length || beyondWidth) {
    throw new IpldError('amt/bitmap-count', `${links.length + values.length} items for ${ones} bits`)
  }
}

function countOnes(byte: number): number {
  const pairs = byte - ((byte >>> 1) & 0x55)
  const nibbles = (pairs & 0x33) + ((pairs >>> 2) & 0x33)
  return (nibbles + (nibbles >>> 4)) & 0x0f
}
