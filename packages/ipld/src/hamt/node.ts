/**
 * @module Nodes of a HAMT, version 3 of the format, in memory and as blocks.
 *
 * Block: `[bitfield, [pointer, ...]]`. The bitfield is a byte string (minimal, big-endian); pointers stand in the order of their bits. A pointer is a CID, or a bucket:
 * an array of `[key, value]`, keys (byte strings) strictly ascending.
 *
 * Source: fvm_ipld_hamt 0.10.6 `src/node.rs`, `src/pointer.rs`, `src/bitfield.rs`, which all generations of the FVM use.
 */

import { MAJOR_ARRAY, MAJOR_TAG } from '../cbor/cursor.ts'
import { CborReader } from '../cbor/reader.ts'
import type { ValueCodec } from '../cbor/value-codec.ts'
import type { CborWriter } from '../cbor/writer.ts'
import { type Cid, cidKey, DAG_CBOR } from '../cid/cid.ts'
import { IpldError } from '../errors.ts'
import { Bitfield, copyBits, countBits, decodeBitfield, encodeBitfield, MAX_BITFIELD_BYTES } from './bits.ts'
import { compareKeys, countEntries, createEntry, HamtEntry } from './entry.ts'

/** What the shape of a node depends on. */
export interface NodeShape<V> {
  /** Bits of the hash that choose a child: 1 to 8. */
  readonly bitWidth: number
  /** Pairs that a bucket may hold. */
  readonly maxBucket: number
  /** The least depth at which buckets may stand. */
  readonly minDataDepth: number
  readonly value: ValueCodec<V>
}

/** A node that is stored, and loaded when it is wanted. */
export class Link {
  readonly cid: Cid
  private cacheKey: string | undefined

  constructor(cid: Cid) {
    this.cid = cid
  }

  /** The node's key in a cache. Nodes of other structures may have the same CID, so it names the structure. */
  get key(): string {
    // Most links of a node are never followed.
    this.cacheKey ??= `hamt:${cidKey(this.cid)}`
    return this.cacheKey
  }
}

/** What stands under a bit: entries (the first of a bucket), a stored node, or a node of the HAMT's own that was changed since the last flush. */
export type Pointer<V> = HamtEntry<V> | Link | HamtNode<V>

/** A node: a bit for each pointer. One that came from a store or a cache is never changed; a HAMT changes copies. */
export class HamtNode<V> extends Bitfield {
  readonly pointers: Pointer<V>[]

  constructor(pointers: Pointer<V>[] = []) {
    super()
    this.pointers = pointers
  }

  /** A node that may be changed without changing this one. */
  copy(): HamtNode<V> {
    const node = new HamtNode(this.pointers.slice())
    copyBits(this, node)
    return node
  }
}

/**
 * Reads a node that may stand anywhere in a tree of this shape; {@link checkPlace} has the rules that depend on the depth.
 *
 * Pointers are read exactly, as the reference reads them: it decodes each into an untyped value first.
 * @throws {IpldError} hamt/bitfield-length, hamt/pointer-count, hamt/pointer-kind, hamt/bucket-size, hamt/bucket-order, hamt/link-codec; cbor/..., cid/malformed
 */
export function decodeNode<V>(bytes: Uint8Array, shape: NodeShape<V>): HamtNode<V> {
  const reader = new CborReader(bytes)
  reader.tuple(2)
  const bitfield = reader.bytes()
  if (bitfield.length > MAX_BITFIELD_BYTES)
    throw new IpldError('hamt/bitfield-length', `a bitfield of ${bitfield.length} bytes`)
  const bits = decodeBitfield(bitfield)
  const count = reader.array()
  if (count > 1 << shape.bitWidth || count !== countBits(bits))
    throw new IpldError('hamt/pointer-count', `${count} pointers for ${countBits(bits)} bits`)
  reader.exact = true
  const pointers: Pointer<V>[] = []
  for (let i = 0; i < count; i++) pointers.push(readPointer(reader, shape))
  reader.end()
  const node = new HamtNode(pointers)
  copyBits(bits, node)
  return node
}

/**
 * Checks what a stored node may have at its depth: only a root may be empty, and buckets may not stand too high.
 * @throws {IpldError} hamt/empty-node, hamt/bucket-place
 */
export function checkPlace<V>(node: HamtNode<V>, depth: number, shape: NodeShape<V>): void {
  if (node.pointers.length === 0 && depth > 0)
    throw new IpldError('hamt/empty-node', `a node without pointers at depth ${depth}`)
  if (depth < shape.minDataDepth && node.pointers.some((pointer) => pointer instanceof HamtEntry))
    throw new IpldError('hamt/bucket-place', `a bucket at depth ${depth}`)
}

/** Writes a node whose children are all buckets and links. */
export function encodeNode<V>(
  writer: CborWriter,
  node: HamtNode<V>,
  shape: NodeShape<V>,
): Uint8Array<ArrayBuffer> {
  const { pointers } = node
  const ends: number[] = []
  writer.array(2).bytes(encodeBitfield(node)).array(pointers.length)
  for (const pointer of pointers) {
    if (pointer instanceof Link) writer.cid(pointer.cid)
    else if (pointer instanceof HamtEntry) writeBucket(writer, pointer, shape.value, ends)
    else throw new TypeError('a node is written before its children')
  }
  const bytes = writer.finish()
  let index = 0
  for (const pointer of pointers)
    if (pointer instanceof HamtEntry)
      for (let entry: HamtEntry<V> | undefined = pointer; entry !== undefined; entry = entry.next)
        entry.keepWritten(bytes, ends[index++] as number, ends[index++] as number)
  return bytes
}

function readPointer<V>(reader: CborReader, shape: NodeShape<V>): Pointer<V> {
  const major = reader.peekMajor()
  if (major === MAJOR_TAG) {
    const cid = reader.cid()
    if (cid.code !== DAG_CBOR)
      throw new IpldError('hamt/link-codec', `a link to ${cid}, which is not DAG-CBOR`)
    return new Link(cid)
  }
  if (major !== MAJOR_ARRAY) throw new IpldError('hamt/pointer-kind', `a pointer of major type ${major}`)
  const size = reader.array()
  if (size === 0 || size > shape.maxBucket)
    throw new IpldError('hamt/bucket-size', `${size} entries in a bucket of at most ${shape.maxBucket}`)
  let first: HamtEntry<V> | undefined
  let last: HamtEntry<V> | undefined
  let previous: Uint8Array | undefined
  for (let i = 0; i < size; i++) {
    reader.tuple(2)
    const key = reader.bytes()
    if (previous !== undefined && compareKeys(previous, key) >= 0)
      throw new IpldError('hamt/bucket-order', 'the keys of a bucket do not ascend')
    previous = key
    const entry = createEntry(key, shape.value.decode(reader))
    if (last === undefined) first = entry
    else last.next = entry
    last = entry
  }
  return first as HamtEntry<V>
}

/** @param ends receives where each entry starts and ends */
function writeBucket<V>(writer: CborWriter, first: HamtEntry<V>, codec: ValueCodec<V>, ends: number[]): void {
  writer.array(countEntries(first))
  for (let entry: HamtEntry<V> | undefined = first; entry !== undefined; entry = entry.next) {
    ends.push(writer.length)
    entry.write(writer, codec)
    ends.push(writer.length)
  }
}
