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

/**
 * The hash of a key.
 * @throws {IpldError} kamt/bad-key, also where it is not of the width that the keys have
 */
export function hashKey<K>(keys: KamtKeys<K>, key: K): Uint8Array {
  const hash = keys.hash(key)
  if (hash.length !== keys.width) throw new IpldError('kamt/bad-key', `a hash of ${hash.length} bytes`)
  return hash
}

/** {@link hashKey} for one KAMT, whose result is good until the next call: the hash of a word of contract storage takes no array of its own. */
export function hasherOf<K>(keys: KamtKeys<K>): (key: K) => Uint8Array {
  const hash: unknown = keys.hash
  if (hash !== u256Keys.hash || keys.width !== u256Keys.width) return (key) => hashKey(keys, key)
  const view = new DataView(new ArrayBuffer(u256Keys.width))
  const bytes = new Uint8Array(view.buffer)
  return (key) => {
    writeU256(key as bigint, view, 'kamt/bad-key')
    return bytes
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
  const view = new DataView(new ArrayBuffer(32))
  writeU256(value, view, refusal)
  return new Uint8Array(view.buffer)
}

function writeU256(value: bigint, into: DataView, refusal: IpldErrorCode): void {
  if (value < 0n || value >> 256n !== 0n) throw new IpldError(refusal, `${value} is not a 256-bit word`)
  // Each takes the low 64 bits.
  into.setBigUint64(0, value >> 192n)
  into.setBigUint64(8, value >> 128n)
  into.setBigUint64(16, value >> 64n)
  into.setBigUint64(24, value)
}
