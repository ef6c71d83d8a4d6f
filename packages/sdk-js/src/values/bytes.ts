/** @module Bytes as values: immutable array buffers, which can be hardened where typed arrays cannot. */
import harden from '@endo/harden'
import { SdkError } from '../errors.ts'

/** The proposal that `ses` brings along. */
interface ImmutableSlices {
  sliceToImmutable(): ArrayBuffer
}

/** Bytes as a value that can be kept, passed and returned. */
export function bytes(data: Uint8Array): ArrayBuffer {
  return harden((data.slice().buffer as ArrayBuffer & ImmutableSlices).sliceToImmutable())
}

/**
 * Whether the engine itself has immutable buffers: views of them can be made then, and `slice`, in QuickJS-ng, refuses them. Where `ses` stands in for the engine it is the other way
 * round.
 */
const IS_NATIVE: boolean = new Uint8Array(bytes(new Uint8Array(1))).length === 1

/** A value of bytes, or any buffer, as an array of one's own. @throws {SdkError} value/not-passable for what is neither */
export function toUint8Array(value: ArrayBuffer): Uint8Array<ArrayBuffer> {
  if (!(value instanceof ArrayBuffer) && !ArrayBuffer.isView(value))
    throw new SdkError(
      'value/not-passable',
      `a ${typeof value} where bytes are wanted, which bytes(array) makes`,
    )
  return IS_NATIVE ? new Uint8Array(value).slice() : new Uint8Array(value.slice(0))
}
