/** @module What a KAMT is told about its keys, and the two kinds of keys that are in use. */
import type { ValueCodec } from '../cbor/value-codec.ts'
import { IpldError, type IpldErrorCode } from '../errors.ts'

/** How keys of one type are placed, ordered and written: a codec, and a hash of fixed width. Where the hash is the key itself, neighbours share nodes. */
export interface KamtKeys<K> extends ValueCodec<K> {
  /** Bytes of every hash. */
  readonly width: number
  /**
   * The bits that place a key, most significant first. Distinct keys have distinct hashes.
   * @throws {IpldError} kamt/bad-key
   */
  hash(key: K): Uint8Array
  /** Order of keys within a bucket: negative, zero or positive. Zero for equal keys only. */
  compare(a: K, b: K): number
}

const WORD_MASK = 0xffff_ffff_ffff_ffffn

/**
 * 256-bit words: CBOR byte strings, big-endian and without leading zeros (which are accepted when reading).
 *
 * *Source*: builtin-actors actors/evm/shared/src/uints.rs.
 */
export const u256Codec: ValueCodec<bigint> = {
  encode(writer, value) {
    const bytes = u256Bytes(value, 'cbor/out-of-range')
    let zeros = 0
    while (bytes[zeros] === 0) zeros++
    writer.bytes(bytes.subarray(zeros))
  },
  decode(reader) {
    const bytes = reader.bytes()
    if (bytes.length > 32) throw new IpldError('cbor/out-of-range', `a 256-bit word of ${bytes.length} bytes`)
    const view = new DataView(new ArrayBuffer(32))
    new Uint8Array(view.buffer).set(bytes, 32 - bytes.length)
    let value = 0n
    for (let at = 0; at < 32; at += 8) value = (value << 64n) | view.getBigUint64(at)
    return value
  },
}

/**
 * Keys that are 256-bit words, placed by their 32 bytes: those of EVM contract storage, whose KAMT has bit width 5 and buckets of 1.
 *
 * *Source*: builtin-actors actors/evm/src/interpreter/system.rs.
 */
export const u256Keys: KamtKeys<bigint> = {
  ...u256Codec,
  width: 32,
  hash: (key) => u256Bytes(key, 'kamt/bad-key'),
  compare: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
}

/** Keys that are byte strings of exactly `width` bytes, placed by themselves. */
export function fixedBytesKeys(width: number): KamtKeys<Uint8Array> {
  const check = (key: Uint8Array): Uint8Array => {
    if (key.length === width) return key
    throw new IpldError('kamt/bad-key', `a key of ${key.length} bytes, not ${width}`)
  }
  return {
    width,
    hash: check,
    compare: compareBytes,
    encode: (writer, key) => {
      writer.bytes(check(key))
    },
    decode: (reader) => check(reader.bytes()).slice(),
  }
}

/** Lexicographic order of byte strings. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const difference = (a[i] as number) - (b[i] as number)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

function u256Bytes(value: bigint, refusal: IpldErrorCode): Uint8Array {
  if (value < 0n || value >> 256n !== 0n) throw new IpldError(refusal, `${value} is not a 256-bit word`)
  const bytes = new Uint8Array(32)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, value >> 192n)
  view.setBigUint64(8, (value >> 128n) & WORD_MASK)
  view.setBigUint64(16, (value >> 64n) & WORD_MASK)
  view.setBigUint64(24, value & WORD_MASK)
  return bytes
}
