/** @module How the values of parameters, returns and state stand in CBOR, to be put together: a tuple is an array of its fields in order. */
import type { CborReader, CborWriter, Cid, ValueCodec } from '@troupe/ipld'
import { IpldError } from '@troupe/ipld'

/** What a codec is for. */
export type CodecValue<C> = C extends ValueCodec<infer V> ? V : never

/** The codecs of a tuple's fields, in order. */
export type TupleFields = Readonly<Record<string, ValueCodec<never> | ValueCodec<unknown>>>

function codec<V>(
  encode: (writer: CborWriter, value: V) => unknown,
  decode: (reader: CborReader) => V,
): ValueCodec<V> {
  return { encode: (writer, value) => void encode(writer, value), decode }
}

/** An unsigned 64-bit integer. */
export const u64Codec: ValueCodec<bigint> = codec(
  (writer, value) => writer.uint(value),
  (reader) => reader.uint64(),
)

/** A signed 64-bit integer. */
export const i64Codec: ValueCodec<bigint> = codec(
  (writer, value) => writer.int(value),
  (reader) => reader.int64(),
)

/** An unsigned 32-bit integer. */
export const u32Codec: ValueCodec<number> = codec(
  (writer, value) => writer.uint(value),
  (reader) => reader.uint(32),
)

/** A boolean. */
export const boolCodec: ValueCodec<boolean> = codec(
  (writer, value) => writer.bool(value),
  (reader) => reader.bool(),
)

/** A text. */
export const textCodec: ValueCodec<string> = codec(
  (writer, value) => writer.text(value),
  (reader) => reader.text(),
)

/** A CID. */
export const cidCodec: ValueCodec<Cid> = codec(
  (writer, value) => writer.cid(value),
  (reader) => reader.cid(),
)

/** A byte string. What is read is a copy. */
export const bytesCodec: ValueCodec<Uint8Array> = codec(
  (writer, value) => writer.bytes(value),
  (reader) => reader.bytes().slice(),
)

/** An integer of any size: sign byte and magnitude in a byte string. */
export const bigIntCodec: ValueCodec<bigint> = codec(
  (writer, value) => writer.bigInt(value),
  (reader) => reader.bigInt(),
)

/** A byte string of exactly `length` bytes. */
export function fixedBytesCodec(length: number): ValueCodec<Uint8Array> {
  return codec(
    (writer, value) => writer.bytes(value),
    (reader) => {
      const bytes = reader.bytes().slice()
      if (bytes.length !== length)
        throw new IpldError('cbor/unexpected-type', `${bytes.length} bytes where ${length} were expected`)
      return bytes
    },
  )
}

/** A value, or null for `undefined`. */
export function optionalCodec<V>(value: ValueCodec<V>): ValueCodec<V | undefined> {
  return codec(
    (writer, found) => (found === undefined ? writer.null() : value.encode(writer, found)),
    (reader) => (reader.tryNull() ? undefined : value.decode(reader)),
  )
}

/** An array of any length. */
export function arrayCodec<V>(element: ValueCodec<V>): ValueCodec<V[]> {
  return codec(
    (writer, values) => {
      writer.array(values.length)
      for (const value of values) element.encode(writer, value)
    },
    (reader) => {
      const values: V[] = []
      for (let left = reader.array(); left > 0; left--) values.push(element.decode(reader))
      return values
    },
  )
}

/** An array with one element for each of `fields`, in their order. */
export function tupleCodec<F extends TupleFields>(
  fields: F,
): ValueCodec<{ -readonly [K in keyof F]: CodecValue<F[K]> }> {
  const entries = Object.entries(fields) as [string, ValueCodec<unknown>][]
  type Tuple = { -readonly [K in keyof F]: CodecValue<F[K]> }
  return codec<Tuple>(
    (writer, tuple) => {
      writer.array(entries.length)
      for (const [name, field] of entries) field.encode(writer, tuple[name])
    },
    (reader) => {
      reader.tuple(entries.length)
      const tuple: Record<string, unknown> = {}
      for (const [name, field] of entries) tuple[name] = field.decode(reader)
      return tuple as Tuple
    },
  )
}
