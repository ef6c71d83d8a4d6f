/**
 * @module Values as DAG-CBOR, one item each.
 *
 * | value | item |
 * | --- | --- |
 * | null, booleans, text, bytes, lists, records | themselves; keys in canonical order |
 * | bigint | integer; beyond 64 bits `{"@int": FVM big integer}` |
 * | number | float of 64 bits |
 * | CID (`makeTagged('cid', bytes)`) | link |
 * | reference | `{"@ref": ...}`: for its {@link RefCodec} to say |
 * | other tagged values | `{"@tag": [tag, payload]}` |
 *
 * A key of a record that begins with `@` has another one in front. So every value has one form, and every form one value.
 */
import harden from '@endo/harden'
import { makeTagged, passStyleOf } from '@endo/pass-style'
import {
  type CborReader,
  CborWriter,
  compareMapKeys,
  MAJOR_ARRAY,
  MAJOR_BYTES,
  MAJOR_MAP,
  MAJOR_NEGATIVE,
  MAJOR_TAG,
  MAJOR_TEXT,
  MAJOR_UNSIGNED,
  type ValueCodec,
} from '@troupe/ipld/cbor'
import { decodeCid } from '@troupe/ipld/cid'
import { SdkError } from '../errors.ts'
import { isRef, type Ref } from '../refs/ref.ts'
import { bytes, toUint8Array } from './bytes.ts'
import type { Passable } from './passable.ts'

/** Levels of lists, records and tags that a value may have. */
const MAX_VALUE_DEPTH = 64
/** Bytes that a value may have as CBOR: those of a block. */
export const MAX_VALUE_BYTES = 1_048_576

const MAX_UINT64 = 2n ** 64n - 1n
const MIN_INT64 = -(2n ** 63n)
const FLOAT_64 = 0xfb
const ESCAPE = '@'
const INT = '@int'
const REF = '@ref'
const TAG = '@tag'
/** The tag of CIDs among tagged values. */
export const CID_TAG = 'cid'

/** How references stand in CBOR: one item. It differs between state, where the actor's own list has them, and messages. */
export interface RefCodec {
  encode(writer: CborWriter, ref: Ref): void
  decode(reader: CborReader): Ref
}

/** The codec of values whose references stand as `refs` says. */
export function passableCodec(refs: RefCodec): ValueCodec<Passable> {
  return {
    encode: (writer, value) => new Encoder(writer, refs).write(value),
    decode: (reader) => harden(new Decoder(reader, refs).read(MAX_VALUE_DEPTH)),
  }
}

/**
 * A value as a block.
 * @throws {SdkError} value/cyclic, value/not-passable, value/too-deep, value/too-large, and what `refs` throws
 */
export function encodePassable(refs: RefCodec, value: Passable): Uint8Array<ArrayBuffer> {
  const writer = new CborWriter()
  new Encoder(writer, refs).write(value)
  return writer.finish()
}

class Encoder {
  readonly #writer: CborWriter
  readonly #refs: RefCodec
  readonly #start: number
  /** What is being written, outermost first. */
  readonly #open: object[] = []

  constructor(writer: CborWriter, refs: RefCodec) {
    this.#writer = writer
    this.#refs = refs
    this.#start = writer.length
  }

  write(value: unknown): void {
    const writer = this.#writer
    switch (typeof value) {
      case 'boolean':
        writer.bool(value)
        break
      case 'bigint':
        this.#writeInteger(value)
        break
      case 'number':
        this.#writeFloat(value)
        break
      case 'string':
        if (!value.isWellFormed()) refuse('a text with a lone surrogate')
        writer.text(value)
        break
      case 'object':
        if (value === null) writer.null()
        else this.#writeObject(value)
        break
      default:
        refuse(`a value of type ${typeof value}`)
    }
    if (writer.length - this.#start > MAX_VALUE_BYTES)
      throw new SdkError('value/too-large', `a value of more than ${MAX_VALUE_BYTES} bytes`)
  }

  #writeInteger(value: bigint): void {
    if (value < MIN_INT64 || value > MAX_UINT64) this.#writer.map(1).text(INT).bigInt(value)
    else if (value < 0n) this.#writer.int(value)
    else this.#writer.uint(value)
  }

  #writeFloat(value: number): void {
    if (!Number.isFinite(value)) refuse(`the number ${value}`)
    const item = new Uint8Array(9)
    item[0] = FLOAT_64
    new DataView(item.buffer).setFloat64(1, value)
    this.#writer.raw(item)
  }

  #writeObject(value: object): void {
    if (this.#open.includes(value)) throw new SdkError('value/cyclic', 'a value that contains itself')
    if (this.#open.length === MAX_VALUE_DEPTH)
      throw new SdkError('value/too-deep', `a value of more than ${MAX_VALUE_DEPTH} levels`)
    this.#open.push(value)
    if (isRef(value)) this.#refs.encode(this.#writer.map(1).text(REF), value)
    else if (Array.isArray(value)) this.#writeList(value)
    else if (isRecord(value)) this.#writeRecord(value)
    else this.#writeStyled(value)
    this.#open.pop()
  }

  #writeList(list: readonly unknown[]): void {
    this.#writer.array(list.length)
    for (let i = 0; i < list.length; i++) this.write(dataProperty(list, `${i}`))
  }

  #writeRecord(record: object): void {
    const sorted = Object.getOwnPropertyNames(record)
      .map((key) => [key.startsWith(ESCAPE) ? `${ESCAPE}${key}` : key, key] as const)
      .sort(([a], [b]) => compareMapKeys(a, b))
    this.#writer.map(sorted.length)
    for (const [written, key] of sorted) {
      if (!key.isWellFormed()) refuse('a key with a lone surrogate')
      this.#writer.text(written)
      this.write(dataProperty(record, key))
    }
  }

  /** Bytes and tagged values, which the library knows best. */
  #writeStyled(value: object): void {
    let style: string
    try {
      style = passStyleOf(harden(value) as never)
    } catch (cause) {
      throw new SdkError('value/not-passable', describeObject(value), { cause })
    }
    if (style === 'byteArray') this.#writer.bytes(toUint8Array(value as ArrayBuffer))
    else if (style === 'tagged')
      this.#writeTagged(value as { [Symbol.toStringTag]: string; payload: unknown })
    else
      refuse(style === 'remotable' ? 'an object with methods, which is not a reference to an actor' : style)
  }

  #writeTagged({
    [Symbol.toStringTag]: tag,
    payload,
  }: {
    [Symbol.toStringTag]: string
    payload: unknown
  }): void {
    if (tag === CID_TAG) {
      if (!(payload instanceof ArrayBuffer)) refuse('a CID that is not bytes')
      this.#writer.cid(decodeCid(toUint8Array(payload)))
      return
    }
    this.#writer.map(1).text(TAG).array(2).text(tag)
    this.write(payload)
  }
}

class Decoder {
  readonly #reader: CborReader
  readonly #refs: RefCodec

  constructor(reader: CborReader, refs: RefCodec) {
    this.#reader = reader
    this.#refs = refs
  }

  read(depthLeft: number): Passable {
    const reader = this.#reader
    switch (reader.peekMajor()) {
      case MAJOR_UNSIGNED:
        return reader.uint64()
      case MAJOR_NEGATIVE:
        return reader.int64()
      case MAJOR_BYTES:
        return bytes(reader.bytes())
      case MAJOR_TEXT:
        return reader.text()
      case MAJOR_ARRAY:
        return Array.from({ length: reader.array() }, () => this.read(below(depthLeft)))
      case MAJOR_MAP:
        return this.#readMap(depthLeft)
      case MAJOR_TAG:
        return makeTagged(CID_TAG, bytes(reader.cid().bytes)) as never
      default:
        return reader.tryNull() ? null : this.#readSimple()
    }
  }

  #readMap(depthLeft: number): Passable {
    const reader = this.#reader
    const size = reader.map()
    const entries: [string, Passable][] = []
    for (let i = 0; i < size; i++) {
      const key = reader.text()
      if (key.startsWith(ESCAPE) && !key.startsWith(`${ESCAPE}${ESCAPE}`)) {
        if (size !== 1) malformed(`the key ${key} beside others`)
        return this.#readSpecial(key, depthLeft)
      }
      const value = this.read(below(depthLeft))
      entries.push([key.startsWith(ESCAPE) ? key.slice(1) : key, value])
    }
    const record = Object.fromEntries(entries)
    if (Object.keys(record).length !== size) malformed('a record that has a key twice')
    return record
  }

  #readSpecial(key: string, depthLeft: number): Passable {
    const reader = this.#reader
    if (key === INT) {
      const value = reader.bigInt()
      if (value >= MIN_INT64 && value <= MAX_UINT64) malformed('a large integer that is not large')
      return value
    }
    if (key === REF) return this.#refs.decode(reader)
    if (key !== TAG) malformed(`the key ${key}`)
    reader.tuple(2)
    const tag = reader.text()
    if (tag === CID_TAG) malformed('a CID that is not a link')
    return makeTagged(tag, harden(this.read(below(depthLeft))) as never) as never
  }

  #readSimple(): Passable {
    const reader = this.#reader
    const item = reader.raw()
    if (item[0] === 0xf4 || item[0] === 0xf5) return item[0] === 0xf5
    const view = new DataView(item.buffer, item.byteOffset)
    const value =
      item[0] === FLOAT_64 ? view.getFloat64(1) : item[0] === 0xfa ? view.getFloat32(1) : Number.NaN
    if (!Number.isFinite(value)) malformed(`the item 0x${(item[0] as number).toString(16)}`)
    return value
  }
}

/** Whether a value is a plain record. What the library has marked, with a symbol, is for it to say. */
function isRecord(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  const isPlain = prototype === Object.prototype || prototype === null
  return isPlain && Object.getOwnPropertySymbols(value).length === 0
}

/** What takes the place of what cannot be kept, by its class. */
const INSTEAD: Readonly<Record<string, string>> = {
  Date: 'a bigint',
  Map: 'durable.map in the state, or a record',
  Set: 'durable.set in the state, or a list',
  Uint8Array: 'bytes(array)',
}

/** Why an object is no value, for whoever made it. Nobody's code is run. */
function describeObject(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value)
  const isPlain = prototype === Object.prototype || prototype === null
  const made = isPlain ? undefined : ownValue(prototype as object, 'constructor')
  const name = typeof made === 'function' ? ownValue(made, 'name') : undefined
  const isNamed = typeof name === 'string' && name !== ''
  const other = isNamed ? `an object of class ${name}` : 'an object that is no plain record'
  const what = isPlain ? 'a record that has symbols as keys' : other
  const instead = isNamed && Object.hasOwn(INSTEAD, name) ? `: ${INSTEAD[name]} can` : ''
  return `${what} cannot be kept, passed or returned${instead}`
}

function ownValue(holder: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(holder, key)?.value
}

/** What stands under a key, without running anybody's code. */
function dataProperty(holder: object, key: string): unknown {
  const property = Object.getOwnPropertyDescriptor(holder, key)
  if (property === undefined) refuse('a list with holes')
  if (!('value' in property)) refuse(`an object that computes ${key}`)
  return property.value
}

function below(depthLeft: number): number {
  if (depthLeft === 0) throw new SdkError('value/too-deep', `a value of more than ${MAX_VALUE_DEPTH} levels`)
  return depthLeft - 1
}

function refuse(what: string): never {
  throw new SdkError('value/not-passable', `${what} cannot be kept, passed or returned`)
}

function malformed(what: string): never {
  throw new SdkError('value/not-passable', `${what} is not the form of any value`)
}
