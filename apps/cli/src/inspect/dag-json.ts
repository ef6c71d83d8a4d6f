/** @module Blocks of state as people read them: DAG-JSON, on lines of its own. */
import { encode } from '@ipld/dag-json'
import {
  CborReader,
  type Cid,
  IpldError,
  MAJOR_ARRAY,
  MAJOR_BYTES,
  MAJOR_MAP,
  MAJOR_NEGATIVE,
  MAJOR_TAG,
  MAJOR_TEXT,
  MAJOR_UNSIGNED,
} from '@troupe/ipld'

/** A decoded block: what of the IPLD data model stands in it. */
export type IpldValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Cid
  | readonly IpldValue[]
  | { readonly [key: string]: IpldValue }

/** Values that a block may have, nested ones counted. */
const MAX_VALUES = 100_000
const FALSE_OR_TRUE: readonly number[] = [0xf4, 0xf5]
const FLOAT_32 = 0xfa
const FLOAT_64 = 0xfb

/**
 * Decodes a DAG-CBOR block.
 * @throws {IpldError} cbor/…, cid/malformed; cbor/out-of-range for a block with too many values to be shown
 */
export function decodeBlock(bytes: Uint8Array): IpldValue {
  // Finds out about depth, indefinite lengths and other tags, before anything is built.
  const check = new CborReader(bytes)
  check.skip()
  check.end()
  let count = 0
  const reader = new CborReader(bytes, { exact: true })
  const read = (): IpldValue => {
    if (++count > MAX_VALUES)
      throw new IpldError('cbor/out-of-range', `more than ${MAX_VALUES} values in a block`)
    switch (reader.peekMajor()) {
      case MAJOR_UNSIGNED:
        return reader.uint64()
      case MAJOR_NEGATIVE:
        return reader.int64()
      case MAJOR_BYTES:
        return reader.bytes()
      case MAJOR_TEXT:
        return reader.text()
      case MAJOR_ARRAY:
        return Array.from({ length: reader.array() }, read)
      case MAJOR_MAP: {
        const entries = Array.from({ length: reader.map() }, () => [reader.text(), read()] as const)
        return Object.fromEntries(entries)
      }
      case MAJOR_TAG:
        return reader.cid()
      default:
        return reader.tryNull() ? null : readSimple(reader, bytes)
    }
  }
  return read()
}

/** `value` as DAG-JSON on one line. */
export function toDagJson(value: IpldValue): string {
  return new TextDecoder().decode(encode(value))
}

/** The CIDs in a value, each once, in the order in which they stand there. */
export function linksOf(value: IpldValue): Cid[] {
  const links = new Map<string, Cid>()
  const visit = (part: IpldValue): void => {
    if (typeof part !== 'object' || part === null || part instanceof Uint8Array) return
    if (isCid(part)) links.set(part.toString(), part)
    else for (const child of Object.values(part)) visit(child)
  }
  visit(value)
  return [...links.values()]
}

/** The tokens of JSON, where a link and a byte string of DAG-JSON are one token each. */
const TOKENS = /\{"\/":(?:"[^"\\]*"|\{"bytes":"[^"\\]*"\})\}|"(?:[^"\\]|\\.)*"|[[\]{}:,]|[^"[\]{}:,]+/g

/** Spreads DAG-JSON over lines. Digits and texts stay as they are, so that no large integer is rounded. */
export function indentJson(json: string): string[] {
  const lines: string[] = []
  let line = ''
  let depth = 0
  const end = (): void => {
    lines.push('  '.repeat(depth) + line)
    line = ''
  }
  const tokens = json.match(TOKENS) ?? []
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1]
    if (token === '{' || token === '[') {
      line += token
      if (next === '}' || next === ']') continue
      end()
      depth++
    } else if (token === '}' || token === ']') {
      const previous = tokens[index - 1]
      if (previous !== '{' && previous !== '[') {
        end()
        depth--
      }
      line += token
    } else if (token === ',') {
      line += token
      end()
    } else line += token === ':' ? ': ' : token
  }
  if (line !== '') end()
  return lines
}

function readSimple(reader: CborReader, bytes: Uint8Array): IpldValue {
  const at = reader.offset
  const first = bytes[at] as number
  if (FALSE_OR_TRUE.includes(first)) return reader.bool()
  const view = new DataView(bytes.buffer, bytes.byteOffset + at + 1)
  reader.skip()
  const value = first === FLOAT_32 ? view.getFloat32(0) : first === FLOAT_64 ? view.getFloat64(0) : Number.NaN
  if (Number.isFinite(value)) return value
  throw new IpldError('cbor/out-of-range', 'a number that JSON does not have')
}

function isCid(value: object): value is Cid {
  return 'multihash' in value && 'asCID' in value
}
