import { CborReader } from './reader.ts'
import { CborWriter } from './writer.ts'

/** How values of one type stand in CBOR: what a HAMT, AMT or KAMT is told about what it holds. Each value is exactly one CBOR item. */
export interface ValueCodec<V> {
  encode(writer: CborWriter, value: V): void
  /** @throws {IpldError} cbor/..., cid/malformed */
  decode(reader: CborReader): V
}

/**
 * Encodes one value, as a block or as parameters.
 * @throws {IpldError} cbor/out-of-range
 */
export function encodeValue<V>(codec: ValueCodec<V>, value: V): Uint8Array<ArrayBuffer> {
  const writer = new CborWriter()
  codec.encode(writer, value)
  return writer.finish()
}

/**
 * Decodes the one value that `bytes` is.
 * @throws {IpldError} cbor/..., cid/malformed; cbor/trailing-bytes where something follows
 */
export function decodeValue<V>(codec: ValueCodec<V>, bytes: Uint8Array): V {
  const reader = new CborReader(bytes)
  const value = codec.decode(reader)
  reader.end()
  return value
}

/**
 * Whether two values encode to the same bytes.
 * @param scratch a writer whose content is of no use to anyone
 * @throws {IpldError} cbor/out-of-range
 */
export function isSameEncoding<V>(codec: ValueCodec<V>, a: V, b: V, scratch: CborWriter): boolean {
  codec.encode(scratch.reset(), a)
  const { length } = scratch
  codec.encode(scratch, b)
  return scratch.repeatsAt(length)
}
