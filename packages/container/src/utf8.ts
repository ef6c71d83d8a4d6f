// Part of every supported runtime; declared here because the libraries are compiled without the DOM's types.
declare class TextDecoder {
  constructor(label: string, options: { fatal: boolean; ignoreBOM: boolean })
  decode(bytes: Uint8Array): string
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text, or `undefined` where the bytes are not UTF-8. A byte order mark is a character. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}
