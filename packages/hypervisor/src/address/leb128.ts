/** @module Unsigned LEB128 of 64-bit integers: how addresses write actor ids and namespaces. */
import { HypervisorError } from '../errors.ts'

/** The greatest unsigned 64-bit integer. */
export const MAX_UINT64 = 0xffff_ffff_ffff_ffffn

/** Most bytes of a 64-bit integer in LEB128. */
const MAX_LENGTH = 10

/** The bytes of `value` (0 to 2^64-1), low seven bits first. */
export function encodeLeb128(value: bigint): Uint8Array {
  const bytes: number[] = []
  let rest = value
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  bytes.push(Number(rest))
  return Uint8Array.from(bytes)
}

/**
 * Reads the integer at `offset`.
 *
 * A last byte of zero after others is refused (there is a shorter form), and so is an eleventh byte. Of a tenth byte only the lowest bit
 * counts: the reference drops the rest without an error (unsigned-varint 0.8.0 src/decode.rs), so that a few 64-bit integers have
 * encodings beside the canonical one. Actors can hand such bytes to a syscall, hence the same here; callers encode anew.
 *
 * @throws {HypervisorError} address/malformed
 */
export function decodeLeb128(bytes: Uint8Array, offset: number): { value: bigint; end: number } {
  let value = 0n
  for (let i = 0; i < MAX_LENGTH; i++) {
    const byte = bytes[offset + i]
    if (byte === undefined) throw new HypervisorError('address/malformed', 'an integer ends too early')
    value |= BigInt(byte & 0x7f) << BigInt(7 * i)
    if (byte < 0x80) {
      if (byte === 0 && i > 0) {
        throw new HypervisorError('address/malformed', 'an integer is longer than it needs to be')
      }
      return { value: BigInt.asUintN(64, value), end: offset + i + 1 }
    }
  }
  throw new HypervisorError('address/malformed', 'an integer has more than 64 bits')
}
