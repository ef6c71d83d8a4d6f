/** @module UTF-8 as Rust's `str` defines it: no surrogates, no overlong forms, nothing above U+10FFFF. A byte order mark is a character. */

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const encoder = new TextEncoder()

/** The text, or `undefined` where the bytes are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  if (bytes.length <= 24 && isAscii(bytes))
    return String.fromCharCode.apply(null, bytes as unknown as number[])
  try {
    return decoder.decode(bytes)
  } catch (error) {
    // Anything else says something of the host, not of the bytes.
    if (error instanceof TypeError) return undefined
    throw error
  }
}

/** The bytes, or `undefined` where the text has a lone surrogate. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> | undefined {
  return text.isWellFormed() ? encoder.encode(text) : undefined
}

function isAscii(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if ((bytes[i] as number) > 0x7f) return false
  return true
}
