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
import {
  type Bitfield,
  countBits,
  decodeBitfield,
  emptyBitfield,
  encodeBitfield,
  MAX_BITFIELD_BYTES,
} from './bits.ts'

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

/** A key and its value. */
export interface HamtEntry<V> {
  readonly key: Uint8Array
  readonly value: V
}

/** Entries under one pointer, keys strictly ascending. Never changed in place. */
export class Bucket<V> {
  readonly entries: readonly HamtEntry<V>[]

  constructor(entries: readonly HamtEntry<V>[]) {
    this.entries = entries
  }
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

/** What stands under a bit: entries, a stored node, or a node of the HAMT's own that was changed since the last flush. */
export type Pointer<V> = Bucket<V> | Link | HamtNode<V>

/** A node. One that came from a store or a cache is never changed; a HAMT changes copies. */
export class HamtNode<V> {
  readonly bits: Bitfield
  readonly pointers: Pointer<V>[]

  constructor(bits: Bitfield = emptyBitfield(), pointers: Pointer<V>[] = []) {
    this.bits = bits
    this.pointers = pointers
  }

  /** A node that may be changed without changing this one. */
  copy(): HamtNode<V> {
    return new HamtNode(this.bits.slice(), this.pointers.slice())
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
  return new HamtNode(bits, pointers)
}

/**
 * Checks what a stored node may have at its depth: only a root may be empty, and buckets may not stand too high.
 * @throws {IpldError} hamt/empty-node, hamt/bucket-place
 */
export function checkPlace<V>(node: HamtNode<V>, depth: number, shape: NodeShape<V>): void {
  if (node.pointers.length === 0 && depth > 0)
    throw new IpldError('hamt/empty-node', `a node without pointers at depth ${depth}`)
  if (depth < shape.minDataDepth && node.pointers.some((pointer) => pointer instanceof Bucket))
    throw new IpldError('hamt/bucket-place', `a bucket at depth ${depth}`)
}

/** Writes a node whose children are all buckets and links. */
export function encodeNode<V>(
  writer: CborWriter,
  node: HamtNode<V>,
  shape: NodeShape<V>,
): Uint8Array<ArrayBuffer> {
  writer.array(2).bytes(encodeBitfield(node.bits)).array(node.pointers.length)
  for (const pointer of node.pointers) {
    if (pointer instanceof Link) writer.cid(pointer.cid)
    else if (pointer instanceof Bucket) writeBucket(writer, pointer, shape.value)
    else throw new TypeError('a node is written before its children')
  }
  return writer.finish()
}

/** Orders keys bytewise, a prefix before what it begins. */
export function compareKeys(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] as number) - (b[i] as number)
    if (difference !== 0) return difference
  }
  return a.length - b.length
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
  const entries: HamtEntry<V>[] = []
  for (let i = 0; i < size; i++) {
    reader.tuple(2)
    const key = reader.bytes()
    const previous = entries.at(-1)
    if (previous !== undefined && compareKeys(previous.key, key) >= 0)
      throw new IpldError('hamt/bucket-order', 'the keys of a bucket do not ascend')
    entries.push({ key, value: shape.value.decode(reader) })
  }
  return new Bucket(entries)
}

function writeBucket<V>(writer: CborWriter, bucket: Bucket<V>, codec: ValueCodec<V>): void {
  writer.array(bucket.entries.length)
  for (const { key, value } of bucket.entries) codec.encode(writer.array(2).bytes(key), value)
}
