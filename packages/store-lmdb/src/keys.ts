/**
 * @module How keys of the database are made: one byte for the kind, and then for a block the bytes of its CID, for a reference its namespace, a zero byte and its
 * key. Their order in the database is the order of bytes, so each namespace lies together, in the order of its keys.
 */
import type { Cid } from '@troupe/ipld'

const META = 0
const BLOCK = 1
const REF = 2

/** Where the keys of all blocks start, and where they have ended. */
export const FIRST_BLOCK: Uint8Array = Uint8Array.of(BLOCK)
export const AFTER_BLOCKS: Uint8Array = Uint8Array.of(REF)

/** The key of a block. */
export function blockKey(cid: Cid): Uint8Array {
  const { bytes } = cid
  const key = new Uint8Array(bytes.length + 1)
  key[0] = BLOCK
  key.set(bytes, 1)
  return key
}

/** The bytes of the CID in the key of a block. */
export function cidBytesOf(key: Uint8Array): Uint8Array {
  return key.subarray(1)
}

/** The key of a reference. */
export function refKey(namespace: string, key: Uint8Array): Uint8Array {
  // Every message has one: no array in between, and no encoder for what is ASCII (`checkNamespace`).
  const { length } = namespace
  const whole = new Uint8Array(length + 2 + key.length)
  whole[0] = REF
  for (let i = 0; i < length; i++) whole[i + 1] = namespace.charCodeAt(i)
  whole.set(key, length + 2)
  return whole
}

/** A copy of the key of a reference without the parts that name its namespace. */
export function refKeyOf(namespace: string, key: Uint8Array): Uint8Array {
  return Uint8Array.from(key.subarray(namespace.length + 2))
}

/** The key of a record about the store itself. */
export function metaKey(name: string): Uint8Array {
  return join([META], asciiOf(name))
}

/** The key that follows a key, with none between them. */
export function keyRightAfter(key: Uint8Array): Uint8Array {
  return join([...key], Uint8Array.of(0))
}

/** The first key beyond all those that start with `prefix`. No key is all 255s: the first byte says its kind. */
export function keyAfterPrefix(prefix: Uint8Array): Uint8Array {
  const end = prefix.slice(0, prefix.findLastIndex((byte) => byte !== 255) + 1)
  end[end.length - 1] = (end.at(-1) as number) + 1
  return end
}

function asciiOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function join(head: readonly number[], tail: Uint8Array): Uint8Array {
  const key = new Uint8Array(head.length + tail.length)
  key.set(head)
  key.set(tail, head.length)
  return key
}
