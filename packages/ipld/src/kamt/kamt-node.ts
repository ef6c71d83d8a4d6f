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
import {
  Bitfield,
  clearBit,
  copyBits,
  countBits,
  decodeBitfield,
  encodeBitfield,
  rankOf,
  setBit,
} from '../hamt/bits.ts'
import { packDigits, unpackDigits } from './digits.ts'
import type { KamtKeys } from './kamt-keys.ts'

/** An entry, and the rest of its bucket: the entries of one slot that are kept in the node itself, in key order. Never changed; may be shared between nodes. */
export class KamtEntry<K, V> {
  readonly key: K
  readonly value: V
  readonly next: KamtEntry<K, V> | undefined

  constructor(key: K, value: V, next: KamtEntry<K, V> | undefined) {
    this.key = key
    this.value = value
    this.next = next
  }
}

/** A way to a node below, past the levels of the extension. Without a CID it is dirty: its node has changed since it was last written, or never was. */
export class KamtLink<K, V> {
  readonly extension: Uint8Array
  cid: Cid | undefined
  /** The node behind the CID, once it was read. Always there where the CID is not. */
  node: KamtNode<K, V> | undefined

  constructor(extension: Uint8Array, cid: Cid | undefined, node: KamtNode<K, V> | undefined) {
    this.extension = extension
    this.cid = cid
    this.node = node
  }
}

/** What one slot of a node holds: the first entry of a bucket, or a link. */
export type KamtPointer<K, V> = KamtEntry<K, V> | KamtLink<K, V>

/** A node that belongs to one tree, which may change it: the bits of the slots that are taken, and what is in them, in the order of the slots. */
export class KamtNode<K, V> extends Bitfield {
  readonly pointers: KamtPointer<K, V>[] = []

  /** A node of its own with the same pointers, none of whose links was followed. */
  copy(): KamtNode<K, V> {
    const node = new KamtNode<K, V>()
    copyBits(this, node)
    for (const pointer of this.pointers)
      node.pointers.push(
        pointer instanceof KamtEntry ? pointer : new KamtLink(pointer.extension, pointer.cid, undefined),
      )
    return node
  }

  /** Puts something into a slot that is free. */
  insert(slot: number, pointer: KamtPointer<K, V>): void {
    this.pointers.splice(rankOf(this, slot), 0, pointer)
    setBit(this, slot)
  }

  /** Frees a slot that is taken. */
  remove(slot: number): void {
    this.pointers.splice(rankOf(this, slot), 1)
    clearBit(this, slot)
  }
}

/** A bucket of these entries, which are in key order. */
export function bucketOf<K, V>(
  entries: readonly (readonly [key: K, value: V])[],
): KamtEntry<K, V> | undefined {
  let first: KamtEntry<K, V> | undefined
  for (let i = entries.length - 1; i >= 0; i--) {
    const [key, value] = entries[i] as readonly [K, V]
    first = new KamtEntry(key, value, first)
  }
  return first
}

/** The entries of a bucket. */
export function entriesOf<K, V>(first: KamtEntry<K, V>): (readonly [key: K, value: V])[] {
  const entries: [K, V][] = []
  for (let entry: KamtEntry<K, V> | undefined = first; entry !== undefined; entry = entry.next)
    entries.push([entry.key, entry.value])
  return entries
}

/** The shape of a tree and the codecs of its entries. */
export interface KamtForm<K, V> {
  readonly keys: KamtKeys<K>
  readonly values: ValueCodec<V>
  readonly bitWidth: number
  readonly minDataDepth: number
  readonly maxArrayWidth: number
}

/** The text "v" in CBOR, and the text "l". */
const BUCKET = Uint8Array.of(0x61, 0x76)
const LINK = Uint8Array.of(0x61, 0x6c)

/** Writes a node. Every link has its CID. */
export function writeNode<K, V>(writer: CborWriter, node: KamtNode<K, V>, form: KamtForm<K, V>): void {
  writer.array(2).bytes(encodeBitfield(node)).array(node.pointers.length)
  for (const pointer of node.pointers) {
    writer.map(1)
    if (pointer instanceof KamtEntry) {
      const entries = entriesOf(pointer)
      writer.raw(BUCKET).array(entries.length)
      for (const [key, value] of entries) {
        writer.array(2)
        form.keys.encode(writer, key)
        form.values.encode(writer, value)
      }
    } else {
      const { cid, extension } = pointer
      writer
        .raw(LINK)
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
  const node = new KamtNode<K, V>()
  copyBits(readBitfield(reader.bytes(), form.bitWidth), node)
  const count = reader.array()
  const bits = countBits(node)
  if (count !== bits) throw new IpldError('kamt/bitfield', `${count} pointers for ${bits} bits`)
  if (count === 0 && level > 0) throw new IpldError('kamt/empty-node', `an empty node at level ${level}`)
  for (let i = 0; i < count; i++) node.pointers.push(readPointer(reader, form, level))
  return node
}

function readPointer<K, V>(reader: CborReader, form: KamtForm<K, V>, level: number): KamtPointer<K, V> {
  const pairs = reader.map()
  const kind = pairs === 1 ? reader.text() : undefined
  if (kind === 'v') return bucketOf(readEntries(reader, form, level)) as KamtEntry<K, V>
  if (kind === 'l') return readLink(reader, form, level)
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
  return new KamtLink(unpackDigits(bytes, bits, bitWidth), cid, undefined)
}

function readBitfield(bytes: Uint8Array, bitWidth: number): Bitfield {
  const bits = bytes.length * 8 - Math.clz32(bytes[0] ?? 0) + 24
  if (bytes[0] === 0 || bits > 1 << bitWidth) {
    throw new IpldError('kamt/bitfield', `${bits} bits for ${1 << bitWidth} slots`)
  }
  return decodeBitfield(bytes)
}
