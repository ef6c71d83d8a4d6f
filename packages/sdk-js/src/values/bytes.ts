/** @module Bytes as values: immutable array buffers, which can be hardened where typed arrays cannot. */
import harden from '@endo/harden'

/** The proposal that `ses` brings along. */
interface ImmutableSlices {
  sliceToImmutable(): ArrayBuffer
}

/** Bytes as a value that can be kept, passed and returned. */
export function bytes(data: Uint8Array): ArrayBuffer {
  return harden((data.slice().buffer as ArrayBuffer & ImmutableSlices).sliceToImmutable())
}

/** A value of bytes as an array of one's own. */
export function toUint8Array(value: ArrayBuffer): Uint8Array<ArrayBuffer> {
  return new Uint8Array(value.slice(0))
}
