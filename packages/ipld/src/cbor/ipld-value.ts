/** @module The IPLD data model in DAG-CBOR: values without a schema, for whoever looks at blocks and does not know what they are. */
import { type Cid, isCid } from '../cid/cid.ts'
import { IpldError } from '../errors.ts'
import {
  MAJOR_ARRAY,
  MAJOR_BYTES,
  MAJOR_MAP,
  MAJOR_NEGATIVE,
  MAJOR_TAG,
  MAJOR_TEXT,
  MAJOR_UNSIGNED,
  MAX_CBOR_DEPTH,
} from './cursor.ts'
import { CborReader } from './reader.ts'
import { CborWriter } from './writer.ts'

/** A value of the IPLD data model. Integers are decoded as `bigint`; a `number` is a float, or an integer on its way into a block. */
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

/** What an array or map takes of the depth, as where it is read. */
const LEVELS_OF_CONTAINER = 2

/** Values that a block may have, nested ones counted. */
export const MAX_IPLD_VALUES = 100_000

const FALSE_OR_TRUE: readonly number[] = [0xf4, 0xf5]
const FLOAT_32 = 0xfa
const FLOAT_64 = 0xfb

/**
 * Decodes a DAG-CBOR block.
 * @throws {IpldError} cbor/…, cid/malformed; cbor/out-of-range for a block of more than {@link MAX_IPLD_VALUES} values, and for infinities and NaN
 */
export function decodeIpld(bytes: Uint8Array): IpldValue {
  // Finds out about depth, indefinite lengths and other tags, before anything is built.
  const check = new CborReader(bytes)
  check.skip()
  check.end()
  let count = 0
  const reader = new CborReader(bytes, { exact: true })
  const read = (): IpldValue => {
    if (++count > MAX_IPLD_VALUES)
      throw new IpldError('cbor/out-of-range', `more than ${MAX_IPLD_VALUES} values in a block`)
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

/**
 * Encodes a value as a DAG-CBOR block: keys of maps in canonical order, integers in their shortest form.
 * @throws {IpldError} cbor/out-of-range for integers beyond 64 bits and numbers that are not safe integers; cbor/too-deep; cbor/unexpected-type for
 * what is no IPLD value
 */
export function encodeIpld(value: IpldValue): Uint8Array<ArrayBuffer> {
  const writer = new CborWriter()
  writeIpld(writer, value, MAX_CBOR_DEPTH)
  return writer.finish()
}

function writeIpld(writer: CborWriter, value: IpldValue, depthLeft: number): void {
  if (depthLeft < 1) throw new IpldError('cbor/too-deep', 'items nested too deeply')
  if (value === null) writer.null()
  else if (typeof value === 'boolean') writer.bool(value)
  else if (typeof value === 'bigint') writeInteger(writer, value)
  else if (typeof value === 'number') writer.int(value)
  else if (typeof value === 'string') writer.text(value)
  else if (value instanceof Uint8Array) writer.bytes(value)
  else if (isCid(value)) writer.cid(value)
  else if (Array.isArray(value)) {
    writer.array(value.length)
    for (const item of value as readonly IpldValue[]) writeIpld(writer, item, depthLeft - LEVELS_OF_CONTAINER)
  } else if (isPlain(value)) {
    const keys = Object.keys(value).sort(compareMapKeys)
    writer.map(keys.length)
    for (const key of keys)
      writeIpld(writer.text(key), value[key] as IpldValue, depthLeft - LEVELS_OF_CONTAINER)
  } else
    throw new IpldError('cbor/unexpected-type', `${describe(value)} is not a value of the IPLD data model`)
}

/** An unsigned integer may have 64 bits, and a signed one has 63 and the sign. */
function writeInteger(writer: CborWriter, value: bigint): void {
  if (value < 0n) writer.int(value)
  else writer.uint(value)
}

function isPlain(value: unknown): value is { readonly [key: string]: IpldValue } {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** Texts that are as long as their bytes, and compare as those do. Almost all keys are. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII.
const ASCII = /^[\x00-\x7f]*$/

/** The order of keys in maps of DAG-CBOR: shorter ones first, and then by their bytes. */
export function compareMapKeys(a: string, b: string): number {
  if (ASCII.test(a) && ASCII.test(b)) return a.length - b.length || (a < b ? -1 : Number(a > b))
  const [x, y] = [new TextEncoder().encode(a), new TextEncoder().encode(b)]
  if (x.length !== y.length) return x.length - y.length
  const at = x.findIndex((byte, index) => byte !== y[index])
  return at < 0 ? 0 : (x[at] as number) - (y[at] as number)
}

function describe(value: unknown): string {
  return typeof value === 'object'
    ? `an object of the class ${value?.constructor?.name}`
    : `a value of type ${typeof value}`
}

function readSimple(reader: CborReader, bytes: Uint8Array): IpldValue {
  const at = reader.offset
  const first = bytes[at] as number
  if (FALSE_OR_TRUE.includes(first)) return reader.bool()
  const view = new DataView(bytes.buffer, bytes.byteOffset + at + 1)
  reader.skip()
  const value = first === FLOAT_32 ? view.getFloat32(0) : first === FLOAT_64 ? view.getFloat64(0) : Number.NaN
  if (Number.isFinite(value)) return value
  throw new IpldError('cbor/out-of-range', 'a number that is not finite')
}
