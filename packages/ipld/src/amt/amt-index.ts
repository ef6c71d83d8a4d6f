/** @module Indices of AMTs: their range, and the arithmetic that finds the slot of an index at each height. */
import { IpldError } from '../errors.ts'

/** The highest index of an AMT, 2^64 - 2, so that a length always fits 64 bits. */
export const MAX_AMT_INDEX: bigint = 2n ** 64n - 2n

const MAX_INT32 = 0x7fff_ffff

/** An index as callers give it: a safe integer, or a `bigint` up to {@link MAX_AMT_INDEX}. Indices come out of an AMT as `bigint` always. */
export type AmtIndex = number | bigint

/**
 * Brings an index into its internal form: a number where it is a safe integer, which is the fast case, else a bigint.
 * @throws {IpldError} amt/out-of-range
 */
export function checkIndex(index: AmtIndex): AmtIndex {
  if (typeof index === 'number') {
    if (Number.isSafeInteger(index) && index >= 0) return index
  } else if (index >= 0n && index <= MAX_AMT_INDEX) {
    return index <= Number.MAX_SAFE_INTEGER ? Number(index) : index
  }
  throw new IpldError('amt/out-of-range', `${index} is not an index of an AMT`)
}

/** Whether a tree of this height has a place for the index. */
export function fitsHeight(index: AmtIndex, height: number, bitWidth: number): boolean {
  const bits = bitWidth * (height + 1)
  if (bits >= 64) return true
  if (typeof index === 'number') return index < (bits < 31 ? 1 << bits : 2 ** bits)
  return index < 1n << BigInt(bits)
}

/** The slot, in a node at `height`, that leads to the index. The index fits the tree. */
export function slotOf(index: AmtIndex, height: number, bitWidth: number): number {
  const shift = bitWidth * height
  // Almost all indices are below 2^31, where integer arithmetic does.
  if (typeof index === 'number' && index <= MAX_INT32)
    return shift > 30 ? 0 : (index >> shift) & ((1 << bitWidth) - 1)
  // Dividing by a power of two and rounding down is exact for safe integers.
  if (typeof index === 'number') return Math.floor(index / 2 ** shift) % 2 ** bitWidth
  return Number((index >> BigInt(shift)) & ((1n << BigInt(bitWidth)) - 1n))
}

/** The first index below a slot of a node at `height` that itself begins at `offset`. */
export function indexBelow(offset: bigint, slot: number, height: number, bitWidth: number): bigint {
  return offset + (BigInt(slot) << BigInt(bitWidth * height))
}
