/**
 * @module Changes as one run of bytes, for another thread: an array for each block and reference would take longer to pass on than what is in them.
 *
 * Layout, for each change: length of the key, length of the value, both in 32 bits of the host's order; key; value. Blocks come first. A reference that is removed
 * has {@link REMOVED} for the length of its value.
 */
import type { RefEdit } from './staging.ts'
import type { Writes } from './transactions.ts'

/** Changes that can be passed on. */
export interface PackedChanges {
  readonly blocks: number
  readonly bytes: ArrayBuffer
}

/** No value is that long. */
const REMOVED = 0xffff_ffff
const HEAD = 8

/** Packs changes, in their order. */
export function packChanges(
  blocks: readonly (readonly [key: Uint8Array, bytes: Uint8Array])[],
  refs: readonly RefEdit[],
): PackedChanges {
  const entries = [...blocks, ...refs]
  let length = 0
  for (const [key, value] of entries) length += HEAD + key.length + (value?.length ?? 0)
  const bytes = new Uint8Array(length)
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const [key, value] of entries) {
    view.setUint32(at, key.length)
    view.setUint32(at + 4, value?.length ?? REMOVED)
    bytes.set(key, at + HEAD)
    at += HEAD + key.length
    if (value === undefined) continue
    bytes.set(value, at)
    at += value.length
  }
  return { blocks: blocks.length, bytes: bytes.buffer }
}

/** What was packed. Keys and values are views. */
export function unpackChanges({ blocks: count, bytes: packed }: PackedChanges): Writes {
  const bytes = new Uint8Array(packed)
  const view = new DataView(packed)
  const blocks: [Uint8Array, Uint8Array][] = []
  const refs: RefEdit[] = []
  for (let at = 0; at < bytes.length; ) {
    const start = at + HEAD
    const middle = start + view.getUint32(at)
    const length = view.getUint32(at + 4)
    at = length === REMOVED ? middle : middle + length
    const key = bytes.subarray(start, middle)
    if (blocks.length < count) blocks.push([key, bytes.subarray(middle, at)])
    else refs.push([key, length === REMOVED ? undefined : bytes.subarray(middle, at)])
  }
  return { blocks, refs }
}
