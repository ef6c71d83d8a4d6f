/**
 * @module Nodes of a KAMT, in memory and in bytes.
 *
 * *Shape*: `[bitfield bytes, [pointers]]`. The bitfield is a big-endian number without leading zeros, whose bits say which slots are taken; the pointers
 * follow in slot order. A pointer is `{"v": [[key, value], ...]}`, a bucket in key order, or `{"l": [CID, extension bits, extension bytes]}`.
 *
 * *Source*: ref-fvm@master ipld/kamt/src/{node,pointer,bitfield}.rs.
 */
import type { CborReader } from '../cbor/reader.ts'
import type { ValueCodec } from '../cbor/value-codec.ts'
import type { CborWriter } from '../cbor/writer.ts'
import { type Cid, DAG_CBOR } from '../cid/cid.ts'
import { IpldError } from '../errors.ts'
import { packDigits, unpackDigits } from './digits.ts'
import type { KamtKeys } from './kamt-keys.ts'

/** Entries kept in the node itself, at least one, in key order. */
export interface KamtBucket<K, V> {
  readonly kind: 'bucket'
  readonly slot: number
  readonly entries: (readonly [key: K, value: V])[]
}

/** A way to a node below, past the levels of the extension. Without a CID it is dirty: its node has changed since it was last written, or never was. */
export interface KamtLink<K, V> {
  readonly kind: 'link'
  readonly slot: number
  readonly extension: Uint8Array
  cid: Cid | undefined
  /** The node behind the CID, once it was read. Always there where the CID is not. */
  node: KamtNode<K, V> | undefined
}

/** What one slot of a node holds. */
export type KamtPointer<K, V> = KamtBucket<K, V> | KamtLink<K, V>

/** A node that belongs to one tree, which may change it: the slots that are taken, ascending. */
export interface KamtNode<K, V> {
  readonly pointers: KamtPointer<K, V>[]
}

/** The shape of a tree and the codecs of its entries. */
export interface KamtForm<K, V> {
  readonly keys: KamtKeys<K>
  readonly values: ValueCodec<V>
  readonly bitWidth: number
  readonly minDataDepth: number
  readonly maxArrayWidth: number
}

/** Where a slot stands among the pointers, or where it would, as the complement of that. */
export function findSlot({ pointers }: KamtNode<unknown, unknown>, slot: number): number {
  let low = 0
  let high = pointers.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const found = (pointers[middle] as KamtPointer<unknown, unknown>).slot
    if (found === slot) return middle
    if (found < slot) low = middle + 1
    else high = middle
  }
  return ~low
}

/** Writes a node. Every link has its CID. */
export function writeNode<K, V>(writer: CborWriter, node: KamtNode<K, V>, form: KamtForm<K, V>): void {
  writer.array(2).bytes(bitfieldOf(node)).array(node.pointers.length)
  for (const pointer of node.pointers) {
    writer.map(1)
    if (pointer.kind === 'bucket') {
      writer.text('v').array(pointer.entries.length)
      for (const [key, value] of pointer.entries) {
        writer.array(2)
        form.keys.encode(writer, key)
        form.values.encode(writer, value)
      }
    } else {
      const { cid, extension } = pointer
      writer
        .text('l')
        .array(3)
        .cid(cid as Cid)
      writer.uint(extension.length * form.bitWidth).bytes(packDigits(extension, form.bitWidth))
    }
  }
}

/**
 * Reads the node at a level, which only for the root is 0.
 *
 * Differs: the reference takes bitfields with leading zeros or slots beyond the width, and extensions with bits behind their end, or too few. No writer makes them.
 *
 * @throws {IpldError} kamt/bitfield, kamt/empty-node, kamt/pointer, kamt/bucket, kamt/shallow-values, kamt/link-codec, kamt/extension,
 *   cbor/..., cid/malformed, and what the codecs throw
 */
export function readNode<K, V>(reader: CborReader, form: KamtForm<K, V>, level: number): KamtNode<K, V> {
  reader.tuple(2)
  const slots = slotsOf(reader.bytes(), form.bitWidth)
  const count = reader.array()
  if (count !== slots.length)
    throw new IpldError('kamt/bitfield', `${count} pointers for ${slots.length} bits`)
  if (count === 0 && level > 0) throw new IpldError('kamt/empty-node', `an empty node at level ${level}`)
  return { pointers: slots.map((slot) => readPointer(reader, form, level, slot)) }
}

function readPointer<K, V>(
  reader: CborReader,
  form: KamtForm<K, V>,
  level: number,
  slot: number,
): KamtPointer<K, V> {
  const pairs = reader.map()
  const kind = pairs === 1 ? reader.text() : undefined
  if (kind === 'v') return { kind: 'bucket', slot, entries: readEntries(reader, form, level) }
  if (kind === 'l') return readLink(reader, form, level, slot)
  throw new IpldError('kamt/pointer', `a pointer is a map of one, "v" or "l": not ${pairs}, ${kind}`)
}

function readEntries<K, V>(reader: CborReader, form: KamtForm<K, V>, level: number): [K, V][] {
  if (level < form.minDataDepth) throw new IpldError('kamt/shallow-values', `values at level ${level}`)
  const count = reader.array()
  if (count === 0 || count > form.maxArrayWidth) {
    throw new IpldError('kamt/bucket', `${count} entries in a bucket of at most ${form.maxArrayWidth}`)
  }
  const entries: [K, V][] = []
  for (let i = 0; i < count; i++) {
    reader.tuple(2)
    const key = form.keys.decode(reader)
    const previous = entries[i - 1]
    if (previous !== undefined && form.keys.compare(previous[0], key) >= 0) {
      throw new IpldError('kamt/bucket', 'the keys of a bucket do not ascend')
    }
    entries.push([key, form.values.decode(reader)])
  }
  return entries
}

function readLink<K, V>(
  reader: CborReader,
  { keys, bitWidth }: KamtForm<K, V>,
  level: number,
  slot: number,
): KamtLink<K, V> {
  reader.tuple(3)
  const cid = reader.cid()
  if (cid.code !== DAG_CBOR) throw new IpldError('kamt/link-codec', `a link to a block of codec ${cid.code}`)
  const bits = reader.uint(32)
  const bytes = reader.bytes()
  // At least one bit must be left for the node behind the link.
  const fits = bits % bitWidth === 0 && (level + 1) * bitWidth + bits < keys.width * 8
  const padding = bytes.length * 8 - bits
  const lastByte = bytes[bytes.length - 1] ?? 0
  if (!fits || padding < 0 || padding > 7 || (lastByte & ((1 << padding) - 1)) !== 0) {
    throw new IpldError('kamt/extension', `${bits} bits in ${bytes.length} bytes at level ${level}`)
  }
  return { kind: 'link', slot, extension: unpackDigits(bytes, bits, bitWidth), cid, node: undefined }
}

function bitfieldOf({ pointers }: KamtNode<unknown, unknown>): Uint8Array {
  const last = pointers[pointers.length - 1]
  const bytes = new Uint8Array(last === undefined ? 0 : (last.slot >>> 3) + 1)
  for (const { slot } of pointers) {
    const index = bytes.length - 1 - (slot >>> 3)
    bytes[index] = (bytes[index] as number) | (1 << (slot & 7))
  }
  return bytes
}

function slotsOf(bitfield: Uint8Array, bitWidth: number): number[] {
  const bits = bitfield.length * 8 - Math.clz32(bitfield[0] ?? 0) + 24
  if (bitfield[0] === 0 || bits > 1 << bitWidth) {
    throw new IpldError('kamt/bitfield', `${bits} bits for ${1 << bitWidth} slots`)
  }
  const slots: number[] = []
  for (let slot = 0; slot < bitfield.length * 8; slot++) {
    const byte = bitfield[bitfield.length - 1 - (slot >>> 3)] as number
    if (((byte >>> (slot & 7)) & 1) === 1) slots.push(slot)
  }
  return slots
}
