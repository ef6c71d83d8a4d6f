import type { ValueCodec } from '@troupe/ipld'

/** Byte strings. */
export const bytesCodec: ValueCodec<Uint8Array> = {
  encode: (writer, value) => {
    writer.bytes(value)
  },
  decode: (reader) => reader.bytes(),
}

/** Texts. */
export const textCodec: ValueCodec<string> = {
  encode: (writer, value) => {
    writer.text(value)
  },
  decode: (reader) => reader.text(),
}

/** Unsigned integers up to 2^53 - 1. */
export const uintCodec: ValueCodec<number> = {
  encode: (writer, value) => {
    writer.uint(value)
  },
  decode: (reader) => reader.uint(),
}

/** The bytes of an ASCII text. */
export function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
