/** @module Numbers that stand in CBOR as bytes. */
import { MAX_BIG_INT_LENGTH } from '@troupe/ipld'

const MAX_WORD_LENGTH = 32

/** The FVM big integer that `bytes` are: empty for 0, else a sign byte and the magnitude. `undefined` where they are none. */
export function readBigInt(bytes: Uint8Array): bigint | undefined {
  if (bytes.length === 0) return 0n
  const sign = bytes[0] as number
  if (sign > 1 || bytes.length > MAX_BIG_INT_LENGTH) return undefined
  const magnitude = readMagnitude(bytes.subarray(1))
  return sign === 1 ? -magnitude : magnitude
}

/** The bytes of an FVM big integer; `undefined` for one that is too long. */
export function writeBigInt(value: bigint): Uint8Array | undefined {
  if (value === 0n) return new Uint8Array()
  const magnitude = writeMagnitude(value < 0n ? -value : value)
  return magnitude.length >= MAX_BIG_INT_LENGTH ? undefined : Uint8Array.of(value < 0n ? 1 : 0, ...magnitude)
}

/** The 256-bit word that `bytes` are; `undefined` where they are too many. */
export function readWord(bytes: Uint8Array): bigint | undefined {
  return bytes.length > MAX_WORD_LENGTH ? undefined : readMagnitude(bytes)
}

/** The bytes of a 256-bit word, without leading zeros; `undefined` where it is none. */
export function writeWord(value: bigint): Uint8Array | undefined {
  if (value < 0n || value >> 256n !== 0n) return undefined
  return value === 0n ? new Uint8Array() : writeMagnitude(value)
}

/** Bytes as hexadecimal digits. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function readMagnitude(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${toHex(bytes)}`)
}

function writeMagnitude(value: bigint): Uint8Array {
  const digits = value.toString(16)
  const even = digits.length % 2 === 0 ? digits : `0${digits}`
  return Uint8Array.from({ length: even.length / 2 }, (_, i) =>
    Number.parseInt(even.slice(2 * i, 2 * i + 2), 16),
  )
}
