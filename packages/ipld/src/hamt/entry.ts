/**
 * @module The entries of a HAMT in memory. Entries under one pointer (a bucket) are a chain in the order of their keys.
 *
 * A lookup in a large tree costs what it reads, not what it computes: every object on the way is a miss of the processor's caches. So a
 * key of up to eight bytes, such as the ID addresses of the state tree, is kept in three small integers of the entry itself and not in an array, and the
 * chain takes the place of an array of entries. Entries may be shared between nodes: none is changed once it is part of a bucket, but for where it was written to.
 */

import type { ValueCodec } from '../cbor/value-codec.ts'
import type { CborWriter } from '../cbor/writer.ts'

/** Bytes of a key that stand in the entry itself. */
const INLINE_BYTES = 8
/** The length of every longer key, as far as {@link HamtEntry.c} tells it. */
const LONG = INLINE_BYTES + 1

/** A key and its value, and the rest of the bucket. */
export class HamtEntry<V> {
  /** Bytes 0 to 2 of the key; what a key is too short for is 0. With `b`, `c` and `long`, in this order, keys are ordered as by their bytes. */
  readonly a: number
  /** Bytes 3 to 5. */
  readonly b: number
  /** Bytes 6 and 7, and the length of the key as far as it is not more than {@link LONG}. */
  readonly c: number
  /** The whole key, where it is longer than {@link INLINE_BYTES}. */
  readonly long: Uint8Array | undefined
  readonly value: V
  /** The entry with the next higher key. Set only while the bucket is made. */
  next: HamtEntry<V> | undefined
  /** The block that the entry was written to last, if any. Of the entries of a node that is written again most are as they were, and copying one takes a fifth of encoding it. */
  private written: Uint8Array | undefined = undefined
  private start = 0
  private end = 0

  constructor(
    a: number,
    b: number,
    c: number,
    long: Uint8Array | undefined,
    value: V,
    next: HamtEntry<V> | undefined,
  ) {
    this.a = a
    this.b = b
    this.c = c
    this.long = long
    this.value = value
    this.next = next
  }

  /** An entry of its own with the same key and value, at the end of a bucket. */
  copy(): HamtEntry<V> {
    const entry = new HamtEntry(this.a, this.b, this.c, this.long, this.value, undefined)
    if (this.written !== undefined) entry.keepWritten(this.written, this.start, this.end)
    return entry
  }

  /** Writes `[key, value]`. */
  write(writer: CborWriter, codec: ValueCodec<V>): void {
    if (this.written === undefined) codec.encode(writer.array(2).bytes(keyOf(this)), this.value)
    else writer.part(this.written, this.start, this.end)
  }

  /** Remembers where the entry was written to. */
  keepWritten(bytes: Uint8Array, start: number, end: number): void {
    this.written = bytes
    this.start = start
    this.end = end
  }
}

/** An entry alone in its bucket. The key is copied. */
export function createEntry<V>(key: Uint8Array, value: V): HamtEntry<V> {
  const long = key.length > INLINE_BYTES ? key.slice() : undefined
  return new HamtEntry(headOf(key), middleOf(key), tailOf(key), long, value, undefined)
}

/** The key of an entry: an array of the caller's own. */
export function keyOf({ a, b, c, long }: HamtEntry<unknown>): Uint8Array {
  if (long !== undefined) return long.slice()
  const key = new Uint8Array(c & 0xff)
  // What is beyond the end of the array is not written.
  key[0] = a >> 16
  key[1] = a >> 8
  key[2] = a
  key[3] = b >> 16
  key[4] = b >> 8
  key[5] = b
  key[6] = c >> 16
  key[7] = c >> 8
  return key
}

/** The entry with a key, among those of a bucket. */
export function findEntry<V>(first: HamtEntry<V>, key: Uint8Array): HamtEntry<V> | undefined {
  const a = headOf(key)
  const b = middleOf(key)
  const c = tailOf(key)
  for (let entry: HamtEntry<V> | undefined = first; entry !== undefined; entry = entry.next)
    if (entry.a === a && entry.b === b && entry.c === c)
      if (entry.long === undefined || compareKeys(entry.long, key) === 0) return entry
  return undefined
}

/** Orders entries by their keys. */
export function compareEntries(x: HamtEntry<unknown>, y: HamtEntry<unknown>): number {
  const difference = x.a - y.a || x.b - y.b || x.c - y.c
  return difference !== 0 || x.long === undefined || y.long === undefined
    ? difference
    : compareKeys(x.long, y.long)
}

/** How many entries a bucket has. */
export function countEntries(first: HamtEntry<unknown>): number {
  let count = 0
  for (let entry: HamtEntry<unknown> | undefined = first; entry !== undefined; entry = entry.next) count++
  return count
}

/** A bucket with one entry more, or with this one instead of that with the same key. `added`, which is alone, becomes part of it. */
export function withEntry<V>(first: HamtEntry<V>, added: HamtEntry<V>): HamtEntry<V> {
  const lower: HamtEntry<V>[] = []
  let entry: HamtEntry<V> | undefined = first
  for (; entry !== undefined && compareEntries(entry, added) < 0; entry = entry.next) lower.push(entry)
  added.next = entry !== undefined && compareEntries(entry, added) === 0 ? entry.next : entry
  return prepend(lower, added) as HamtEntry<V>
}

/** A bucket without the entry of the same key as `removed`, which it has; `undefined` where that is the only one. */
export function withoutEntry<V>(first: HamtEntry<V>, removed: HamtEntry<V>): HamtEntry<V> | undefined {
  const lower: HamtEntry<V>[] = []
  let entry = first
  for (; compareEntries(entry, removed) !== 0; entry = entry.next as HamtEntry<V>) lower.push(entry)
  return prepend(lower, entry.next)
}

/** A bucket of copies of these entries, which are in the order of their keys, before those of another. */
export function prepend<V>(
  entries: readonly HamtEntry<V>[],
  rest: HamtEntry<V> | undefined,
): HamtEntry<V> | undefined {
  let first = rest
  for (let i = entries.length - 1; i >= 0; i--) {
    const entry = (entries[i] as HamtEntry<V>).copy()
    entry.next = first
    first = entry
  }
  return first
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

function headOf(key: Uint8Array): number {
  return (byteOf(key, 0) << 16) | (byteOf(key, 1) << 8) | byteOf(key, 2)
}

function middleOf(key: Uint8Array): number {
  return (byteOf(key, 3) << 16) | (byteOf(key, 4) << 8) | byteOf(key, 5)
}

function tailOf(key: Uint8Array): number {
  return (byteOf(key, 6) << 16) | (byteOf(key, 7) << 8) | Math.min(key.length, LONG)
}

/** A byte of a key, or 0 behind its end. */
function byteOf(key: Uint8Array, at: number): number {
  return at < key.length ? (key[at] as number) : 0
}
