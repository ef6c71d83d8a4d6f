/** @module Bytes and words of 32 bytes. */

/** A word, big-endian; negative numbers in two's complement. */
export function word(value: bigint): Uint8Array {
  return fromHex(BigInt.asUintN(256, value).toString(16).padStart(64, '0'))
}

/** The bytes of hexadecimal digits. @throws {SyntaxError} */
export function fromHex(digits: string): Uint8Array {
  if (!/^(?:[0-9a-fA-F]{2})*$/.test(digits)) {
    if (/^[0-9a-fA-F]+$/.test(digits)) return fromHex(`0${digits}`)
    throw new SyntaxError(`${digits} are no hexadecimal digits`)
  }
  return Uint8Array.fromHex(digits)
}

/** Bytes one after the other. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
