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

/** A way from a node to one below: its CID until it is read or where it never was, then the node. */
export type AmtLink<V> = Cid | AmtNode<V>

/** The widest node whose bits fit one integer. */
const MAX_INTEGER_WIDTH = 5

/** A node that belongs to one tree, which may change it. Items stand in slot order, one for each bit that is set. */
export class AmtNode<V> {
  /** The CID where the node is stored and has not changed since; otherwise it is dirty. Of no meaning in a root. */
  cid: Cid | undefined
  /** The slots that are taken, up to bit width 5; an array would be one more place to read on the way to every item. */
  bits = 0
  /** The slots that are taken, from bit width 6 on. */
  readonly bitmap: Uint8Array | undefined
  readonly links: AmtLink<V>[]
  readonly values: V[]

  constructor(
    cid: Cid | undefined,
    bitmap: Uint8Array | undefined,
    links: AmtLink<V>[] = [],
    values: V[] = [],
  ) {
    this.cid = cid
    this.bitmap = bitmap
    this.links = links
    this.values = values
  }
}

/** What says which slots of a node are taken. */
export type Slots = Pick<AmtNode<unknown>, 'bits' | 'bitmap'>

/** The bytes of a bitmap. */
function bitmapLength(bitWidth: number): number {
  return bitWidth <= 3 ? 1 : 1 << (bitWidth - 3)
}

/** A dirty node without items. */
export function emptyNode<V>(bitWidth: number): AmtNode<V> {
  const bitmap = bitWidth > MAX_INTEGER_WIDTH ? new Uint8Array(bitmapLength(bitWidth)) : undefined
  return new AmtNode(undefined, bitmap)
}

/** A node of its own with the same items, none of whose links was followed. */
export function copyNode<V>(node: AmtNode<V>): AmtNode<V> {
  const copy = new AmtNode(node.cid, node.bitmap?.slice(), node.links.slice(), node.values.slice())
  copy.bits = node.bits
  return copy
}

/** The CID behind a link, or `undefined` where the node is dirty. */
export function cidOfLink(link: AmtLink<unknown> | undefined): Cid | undefined {
  return link instanceof AmtNode ? link.cid : link
}

/** Whether a node has no items. */
export function isEmptyNode(node: AmtNode<unknown>): boolean {
  return node.links.length === 0 && node.values.length === 0
}

/** Whether a slot is taken. */
export function hasSlot({ bits, bitmap }: Slots, slot: number): boolean {
  return ((bitmap === undefined ? bits >>> slot : (bitmap[slot >>> 3] as number) >>> (slot & 7)) & 1) === 1
}

/** Marks a slot as taken or free. The caller adds or removes the item, at the slot's rank. */
export function markSlot(node: AmtNode<unknown>, slot: number, taken: boolean): void {
  const { bitmap } = node
  if (bitmap === undefined) {
    node.bits = taken ? node.bits | (1 << slot) : node.bits & ~(1 << slot)
    return
  }
  const byte = slot >>> 3
  const bit = 1 << (slot & 7)
  const old = bitmap[byte] as number
  bitmap[byte] = taken ? old | bit : old & ~bit
}

/** How many slots below this one are taken: where the item of the slot stands, or would. */
export function rankOf({ bits, bitmap }: Slots, slot: number): number {
  if (bitmap === undefined) return countOnes(bits & ~(-1 << slot))
  let rank = countOnes((bitmap[slot >>> 3] as number) & ((1 << (slot & 7)) - 1))
  for (let i = (slot >>> 3) - 1; i >= 0; i--) rank += countOnes(bitmap[i] as number)
  return rank
}

/** The slots that are taken, ascending, from `from` on. */
export function* slotsOf({ bits, bitmap }: Slots, from = 0): Generator<number, void, undefined> {
  if (bitmap === undefined) {
    for (let rest = bits & (-1 << from); rest !== 0; rest &= rest - 1) yield 31 - Math.clz32(rest & -rest)
    return
  }
  for (let byte = from >>> 3; byte < bitmap.length; byte++) {
    const bits = bitmap[byte] as number
    if (bits === 0) continue
    for (let bit = byte * 8 < from ? from & 7 : 0; bit < 8; bit++)
      if (((bits >>> bit) & 1) === 1) yield byte * 8 + bit
  }
}

/** The slots that either of two nodes of one bit width has taken. */
export function unionOf(a: Slots, b: Slots): Slots {
  const bitmap = a.bitmap?.map((byte, i) => byte | (b.bitmap?.[i] as number))
  return { bits: a.bits | b.bits, bitmap }
}

/** Writes a node. Every link has its CID. */
export function writeNode<V>(
  writer: CborWriter,
  node: AmtNode<V>,
  bitWidth: number,
  values: ValueCodec<V>,
): void {
  writer.array(3).bytes(encodeBitmap(node, bitWidth)).array(node.links.length)
  for (const link of node.links) writer.cid(cidOfLink(link) as Cid)
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
  const bitmap = reader.bytes()
  if (bitmap.length !== bitmapLength(bitWidth)) {
    throw new IpldError('amt/bitmap-length', `a bitmap of ${bitmap.length} bytes at bit width ${bitWidth}`)
  }
  const node = decodeBitmap<V>(bitmap, bitWidth)
  const linkCount = reader.array()
  for (let i = 0; i < linkCount; i++) node.links.push(readLink(reader))
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

function checkCount({ bits, bitmap, links, values }: AmtNode<unknown>, bitWidth: number): void {
  let ones = countOnes(bits)
  for (const byte of bitmap ?? []) ones += countOnes(byte)
  const beyondWidth = bitWidth < 3 && bits >>> (1 << bitWidth) !== 0
  if (ones !== links.length + values.length || beyondWidth) {
    throw new IpldError('amt/bitmap-count', `${links.length + values.length} items for ${ones} bits`)
  }
}

function encodeBitmap({ bits, bitmap }: Slots, bitWidth: number): Uint8Array {
  if (bitmap !== undefined) return bitmap
  const bytes = new Uint8Array(bitmapLength(bitWidth))
  for (let i = 0; i < bytes.length; i++) bytes[i] = bits >>> (i * 8)
  return bytes
}

/** A dirty node with these slots taken, and no items yet. */
function decodeBitmap<V>(bitmap: Uint8Array, bitWidth: number): AmtNode<V> {
  // A copy: the node may be changed, the block may not.
  if (bitWidth > MAX_INTEGER_WIDTH) return new AmtNode(undefined, bitmap.slice())
  const node = new AmtNode<V>(undefined, undefined)
  for (let i = 0; i < bitmap.length; i++) node.bits |= (bitmap[i] as number) << (i * 8)
  return node
}

function countOnes(word: number): number {
  const pairs = word - ((word >>> 1) & 0x5555_5555)
  const nibbles = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333)
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24
}
