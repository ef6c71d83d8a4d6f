import { fromHex } from '../text/hex.ts'
import { invalid, type Reader, reader } from './parameter.ts'

/** Characters of a value that an error repeats. */
const MAX_SHOWN = 80

/** Bytes. */
export const bytes: Reader<Uint8Array> = reader('bytes', (value, at) => {
  const read = typeof value === 'string' && value.startsWith('0x') ? fromHex(value) : undefined
  if (read === undefined)
    throw invalid(at, `is no text of bytes: 0x and an even number of hexadecimal digits: ${show(value)}`)
  return read
})

/** A text. */
export function text(maximumLength: number): Reader<string> {
  return reader('a text', (value, at) => {
    if (typeof value === 'string' && value.length <= maximumLength) return value
    throw invalid(at, `is no text of up to ${maximumLength} characters: ${show(value)}`)
  })
}

/** One of several texts. */
export function oneOf<const T extends string>(...texts: readonly T[]): Reader<T> {
  return reader(texts.join(' or '), (value, at) => {
    const found = texts.find((known) => known === value)
    if (found === undefined) throw invalid(at, `is not ${texts.join(' or ')}: ${show(value)}`)
    return found
  })
}

/** A value in an error: short, and on one line. */
function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, MAX_SHOWN))
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : String(value).slice(0, MAX_SHOWN)
}
