/** @module Unsigned LEB128 of 64-bit integers: how addresses write actor ids and namespaces. */
import { HypervisorError } from '../errors.ts'

/** The greatest unsigned 64-bit integer. */
export const MAX_UINT64 = 0xffff_ffff_ffff_ffffn

/** Seven groups of seven bits fit a number exactly. */
const PART_BITS = 49n
const MAX_PART = 2n ** PART_BITS - 1n

/** Most bytes of a 64-bit integer in LEB128. */
const MAX_LENGTH = 10

/**
 * The bytes of `value` (0 to 2^64-1), low seven bits first.
 * @param start bytes of 0 before them, for what the caller puts there
 */
export function encodeLeb128(value: bigint, start = 0): Uint8Array {
  let high = value
  const parts: number[] = []
  for (; high > MAX_PART; high >>= PART_BITS) parts.push(Number(BigInt.asUintN(49, high)))
  // Every actor that is touched has its key made here; numbers are much cheaper than bigints, of which each step would make one.
  const top = Number(high)
  let length = start + 7 * parts.length + 1
  for (let rest = top; rest > 0x7f; rest = Math.floor(rest / 128)) length++
  const bytes = new Uint8Array(length)
  let at = start
  for (const part of parts) at = writeGroups(bytes, at, part, at + 7)
  writeGroups(bytes, at, top, length)
  bytes[length - 1] = (bytes[length - 1] as number) & 0x7f
  return bytes
}

/** Writes groups of seven bits up to `end`, each with the bit that says that there are more, and gives `end`. */
function writeGroups(bytes: Uint8Array, start: number, value: number, end: number): number {
  let rest = value
  for (let at = start; at < end; at++) {
    bytes[at] = (rest % 128) | 0x80
    rest = Math.floor(rest / 128)
  }
  return end
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
