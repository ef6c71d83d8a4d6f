/**
 * @module RLP, in which Ethereum writes transactions: byte strings, and lists of them, nested.
 *
 * Decoding is strict: lengths have their shortest form, a single byte below 0x80 stands for itself, and nothing follows. The bounds are those of Filecoin's
 * nodes. Libraries have the first of this and not the second: a few kilobytes of nested lists end in their stack overflow.
 *
 * Source: Ethereum's Yellow Paper, appendix B; lotus chain/types/ethtypes/rlp.go.
 */
import { bytesToNumberBE, numberToVarBytesBE } from '@noble/curves/utils.js'
import { TroupeError } from '../errors.ts'

/** A byte string, or a list. */
export type RlpValue = Uint8Array | readonly RlpValue[]

/** Most bytes that are decoded. */
export const MAX_RLP_LENGTH: number = 2 * 1024 * 1024
/** Most lists within each other. */
export const MAX_RLP_DEPTH = 32
/** Most items of a list: as many as an EIP-1559 transaction has fields. */
export const MAX_RLP_ITEMS = 12

const STRING = 0x80
const LIST = 0xc0
/** The longest content whose length stands in the first byte. */
const SHORT = 55
/** Most bytes of a length: what is longer than 2^32 cannot be here. */
const MAX_LENGTH_BYTES = 4
const WORD_LENGTH = 32
const MAX_WORD = 2n ** 256n - 1n
/** Where numbers become bytes and back: a transaction has a dozen, and by texts of digits each takes several times as long. */
const WORD = new DataView(new ArrayBuffer(WORD_LENGTH))
const WORD_BYTES = new Uint8Array(WORD.buffer)

/**
 * The bytes of a value.
 * @param prefix a byte before it, which is no part of the value. Default: none
 */
export function encodeRlp(value: RlpValue, prefix?: number): Uint8Array {
  const start = prefix === undefined ? 0 : 1
  const bytes = new Uint8Array(start + lengthOf(value))
  if (prefix !== undefined) bytes[0] = prefix
  write(bytes, start, value)
  return bytes
}

/** An unsigned integer as a byte string: big-endian without leading zeros, and empty for 0. */
export function rlpInteger(value: bigint): Uint8Array {
  if (value > MAX_WORD) return numberToVarBytesBE(value)
  const bytes = word(value)
  let zeros = 0
  while (bytes[zeros] === 0) zeros++
  return bytes.slice(zeros)
}

/** An unsigned integer of at most 256 bits in 32 bytes, big-endian. */
export function word(value: bigint): Uint8Array {
  WORD.setBigUint64(0, value >> 192n)
  WORD.setBigUint64(8, value >> 128n)
  WORD.setBigUint64(16, value >> 64n)
  WORD.setBigUint64(24, value)
  return WORD_BYTES.slice()
}

/** The integer that a byte string is; `undefined` where it has leading zeros. */
export function readRlpInteger(bytes: Uint8Array): bigint | undefined {
  return bytes[0] === 0 ? undefined : readUint(bytes)
}

/** The unsigned integer that bytes are, big-endian. */
export function readUint(bytes: Uint8Array): bigint {
  if (bytes.length > WORD_LENGTH) return bytesToNumberBE(bytes)
  WORD_BYTES.fill(0)
  WORD_BYTES.set(bytes, WORD_LENGTH - bytes.length)
  const low = WORD.getBigUint64(24)
  if (bytes.length <= 8) return low
  return (
    (WORD.getBigUint64(0) << 192n) | (WORD.getBigUint64(8) << 128n) | (WORD.getBigUint64(16) << 64n) | low
  )
}

/**
 * Reads the one value that `bytes` is. Byte strings are views.
 * @throws {TroupeError} rlp/malformed, rlp/limit
 */
export function decodeRlp(bytes: Uint8Array): RlpValue {
  if (bytes.length > MAX_RLP_LENGTH)
    throw new TroupeError('rlp/limit', `${bytes.length} bytes of RLP, of at most ${MAX_RLP_LENGTH}`)
  const { value, end } = readItem(bytes, 0, 0)
  if (end !== bytes.length) throw malformed(`${bytes.length - end} bytes follow the value`)
  return value
}

interface Item {
  readonly value: RlpValue
  readonly end: number
}

function readItem(bytes: Uint8Array, at: number, depth: number): Item {
  const first = bytes[at]
  if (first === undefined) throw malformed('a value ends too early')
  if (first < STRING) return { value: bytes.subarray(at, at + 1), end: at + 1 }
  const kind = first < LIST ? STRING : LIST
  const { start, end } = readFrame(bytes, at, first - kind)
  if (kind === LIST) return { value: readList(bytes.subarray(0, end), start, depth + 1), end }
  const value = bytes.subarray(start, end)
  const [only] = value
  if (value.length === 1 && only !== undefined && only < STRING)
    throw malformed('a single byte has a length that it does not need')
  return { value, end }
}

/** Where the content of a value lies. @param head the first byte, without the kind */
function readFrame(bytes: Uint8Array, at: number, head: number): { start: number; end: number } {
  const lengthBytes = head > SHORT ? head - SHORT : 0
  if (lengthBytes > MAX_LENGTH_BYTES) throw malformed('a length has too many bytes')
  const start = at + 1 + lengthBytes
  let length = head
  if (lengthBytes > 0) {
    if (start > bytes.length) throw malformed('a length ends too early')
    if (bytes[at + 1] === 0) throw malformed('a length has leading zeros')
    length = Number(readUint(bytes.subarray(at + 1, start)))
    if (length <= SHORT) throw malformed('a length is longer than it needs to be')
  }
  if (start + length > bytes.length) throw malformed('a value ends too early')
  return { start, end: start + length }
}

/** The items up to the end of `bytes`. */
function readList(bytes: Uint8Array, start: number, depth: number): RlpValue[] {
  if (depth > MAX_RLP_DEPTH)
    throw new TroupeError('rlp/limit', `lists are nested deeper than ${MAX_RLP_DEPTH}`)
  const items: RlpValue[] = []
  for (let at = start; at < bytes.length; ) {
    if (items.length === MAX_RLP_ITEMS)
      throw new TroupeError('rlp/limit', `a list has more than ${MAX_RLP_ITEMS} items`)
    const { value, end } = readItem(bytes, at, depth)
    items.push(value)
    at = end
  }
  return items
}

/** Bytes of a value with its head. */
function lengthOf(value: RlpValue): number {
  if (isSelf(value)) return 1
  const length = contentLengthOf(value)
  return 1 + (length > SHORT ? lengthBytesOf(length) : 0) + length
}

function contentLengthOf(value: RlpValue): number {
  return value instanceof Uint8Array ? value.length : value.reduce((sum, item) => sum + lengthOf(item), 0)
}

/** Whether a value is a byte that stands for itself. */
function isSelf(value: RlpValue): value is Uint8Array {
  return value instanceof Uint8Array && value.length === 1 && (value[0] as number) < STRING
}

/** Bytes that a length needs. */
function lengthBytesOf(length: number): number {
  return 4 - (Math.clz32(length) >> 3)
}

/** Writes a value where there is room for it. Gives where it ends. */
function write(bytes: Uint8Array, start: number, value: RlpValue): number {
  let at = start
  if (!isSelf(value)) {
    const length = contentLengthOf(value)
    const kind = value instanceof Uint8Array ? STRING : LIST
    const lengthBytes = length > SHORT ? lengthBytesOf(length) : 0
    bytes[at++] = kind + (lengthBytes > 0 ? SHORT + lengthBytes : length)
    for (let shift = (lengthBytes - 1) * 8; shift >= 0; shift -= 8) bytes[at++] = length >>> shift
  }
  if (!(value instanceof Uint8Array)) {
    for (const item of value) at = write(bytes, at, item)
    return at
  }
  bytes.set(value, at)
  return at + value.length
}

function malformed(why: string): TroupeError {
  return new TroupeError('rlp/malformed', `RLP: ${why}`)
}
