/** @module Base32 as addresses use it: RFC 4648, lower case, no padding. */
import { HypervisorError } from '../errors.ts'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'

/** The text of `bytes`: five bits a character, the last one filled up with zero bits. */
export function encodeBase32(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let buffer = 0
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += ALPHABET[(buffer >> bits) & 31]
    }
    buffer &= (1 << bits) - 1
  }
  if (bits > 0) text += ALPHABET[(buffer << (5 - bits)) & 31]
  return text
}

/**
 * The bytes that `text` stands for. Accepts exactly what {@link encodeBase32} gives: no other characters, no surplus character, and zero
 * in the bits that fill up the last one.
 * @throws {HypervisorError} address/malformed
 */
export function decodeBase32(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8))
  let length = 0
  let bits = 0
  let buffer = 0
  for (let i = 0; i < text.length; i++) {
    const digit = ALPHABET.indexOf(text.charAt(i))
    if (digit < 0) throw new HypervisorError('address/malformed', `character ${i} is not base32`)
    buffer = (buffer << 5) | digit
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes[length++] = buffer >> bits
      buffer &= (1 << bits) - 1
    }
  }
  if (bits >= 5 || buffer !== 0)
    throw new HypervisorError('address/malformed', 'base32 does not end on a byte')
  return bytes
}
