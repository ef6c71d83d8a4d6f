/** Bytes from hexadecimal digits; white space is ignored. */
export function hex(digits: string): Uint8Array {
  const clean = digits.replaceAll(/\s/g, '')
  return Uint8Array.from({ length: clean.length / 2 }, (_, i) =>
    Number.parseInt(clean.slice(2 * i, 2 * i + 2), 16),
  )
}

/** Hexadecimal digits of bytes. */
export function toHex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
