/** @module Ethereum's texts for bytes and numbers: `0x` and hexadecimal digits, two for each byte, or as few as a number needs. */

/** `0x` and digits. */
export type Hex = `0x${string}`

const DIGITS: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Bytes as text. */
export function toHex(bytes: Uint8Array): Hex {
  let digits = ''
  for (const byte of bytes) digits += DIGITS[byte]
  return `0x${digits}`
}

/** A number as text, without leading zeros; 0 is `0x0`. */
export function toQuantity(value: bigint | number): Hex {
  return `0x${value.toString(16)}`
}

/** A number as 32 bytes, big-endian. */
export function toWord(value: bigint): Hex {
  return `0x${value.toString(16).padStart(64, '0')}`
}

/** The bytes of an even number of digits, with or without `0x`; `undefined` where the text is something else. */
export function fromHex(text: string): Uint8Array | undefined {
  const start = text.startsWith('0x') || text.startsWith('0X') ? 2 : 0
  const length = (text.length - start) / 2
  if (!Number.isInteger(length)) return undefined
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at++) {
    const high = digit(text.charCodeAt(start + 2 * at))
    const low = digit(text.charCodeAt(start + 2 * at + 1))
    if (high < 0 || low < 0) return undefined
    bytes[at] = (high << 4) | low
  }
  return bytes
}

function digit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const lower = code | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}
