/**
 * @module `TextEncoder` and `TextDecoder` for an engine that has none. They are there on every engine, so that no two differ. UTF-8 alone, all at once.
 *
 * It is the first that the script imports: what comes after it makes coders of its own when it is evaluated.
 */
import { toUint8Array } from '../values/bytes.ts'

/** What remains of the standard's options. */
interface DecoderOptions {
  readonly fatal?: boolean
  readonly ignoreBOM?: boolean
}

const REPLACEMENT = 0xfffd
const BYTE_ORDER_MARK = 0xfeff
/** Code units that are made into text at once: calls have no room for many more arguments. */
const CHUNK = 4096

class Utf8Encoder {
  get encoding(): string {
    return 'utf-8'
  }

  encode(text = ''): Uint8Array<ArrayBuffer> {
    const source = `${text}`
    const { length } = source
    const bytes = new Uint8Array(length * 3)
    let at = 0
    // Most texts are ASCII, or begin so: no need to take them apart by code points.
    for (; at < length; at++) {
      const unit = source.charCodeAt(at)
      if (unit > 0x7f) break
      bytes[at] = unit
    }
    for (const character of at === length ? '' : source.slice(at)) {
      const found = character.codePointAt(0) as number
      const code = found >= 0xd800 && found <= 0xdfff ? REPLACEMENT : found
      if (code < 0x80) bytes[at++] = code
      else {
        const continuations = code < 0x800 ? 1 : code < 0x1_0000 ? 2 : 3
        bytes[at++] = ((0xf80 >> continuations) & 0xff) | (code >> (6 * continuations))
        for (let i = continuations - 1; i >= 0; i--) bytes[at++] = 0x80 | ((code >> (6 * i)) & 0x3f)
      }
    }
    return bytes.slice(0, at)
  }
}

class Utf8Decoder {
  readonly fatal: boolean
  readonly ignoreBOM: boolean

  constructor(label = 'utf-8', options: DecoderOptions = {}) {
    if (!/^(utf-?8)$/i.test(label)) throw new RangeError(`no decoder for ${label}`)
    this.fatal = options.fatal === true
    this.ignoreBOM = options.ignoreBOM === true
  }

  get encoding(): string {
    return 'utf-8'
  }

  decode(input: Uint8Array | ArrayBuffer = new Uint8Array()): string {
    const bytes = input instanceof Uint8Array ? input : toUint8Array(input)
    let text = ''
    let units: number[] = []
    for (let at = 0; at < bytes.length; ) {
      const { code, length } = decodeAt(bytes, at)
      if (code === undefined && this.fatal) throw new TypeError('bytes that are not UTF-8')
      const isMark = at === 0 && code === BYTE_ORDER_MARK && !this.ignoreBOM
      at += length
      if (isMark) continue
      const unit = code ?? REPLACEMENT
      if (unit < 0x1_0000) units.push(unit)
      else units.push(0xd7c0 + (unit >> 10), 0xdc00 + (unit & 0x3ff))
      if (units.length >= CHUNK) {
        text += String.fromCharCode(...units)
        units = []
      }
    }
    return text + String.fromCharCode(...units)
  }
}

/** The code point at a position, and its bytes; without one, the bytes that a replacement character stands for. */
function decodeAt(
  bytes: Uint8Array,
  at: number,
): { readonly code: number | undefined; readonly length: number } {
  const first = bytes[at] as number
  if (first < 0x80) return { code: first, length: 1 }
  const continuations =
    first >= 0xc2 && first < 0xe0
      ? 1
      : first >= 0xe0 && first < 0xf0
        ? 2
        : first >= 0xf0 && first < 0xf5
          ? 3
          : 0
  if (continuations === 0) return { code: undefined, length: 1 }
  // The second byte has the bounds that keep out overlong forms, surrogates and what is above U+10FFFF.
  let lowest = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80
  let highest = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf
  let code = first & (0x3f >> continuations)
  for (let i = 1; i <= continuations; i++) {
    const next = bytes[at + i]
    if (next === undefined || next < lowest || next > highest) return { code: undefined, length: i }
    code = (code << 6) | (next & 0x3f)
    lowest = 0x80
    highest = 0xbf
  }
  return { code, length: continuations + 1 }
}

export { Utf8Decoder, Utf8Encoder }
