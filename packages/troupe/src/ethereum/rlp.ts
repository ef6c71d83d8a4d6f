/**
 * @module RLP, in which Ethereum writes transactions: byte strings, and lists of them, nested.
 *
 * Decoding is strict: lengths have their shortest form, a single byte below 0x80 stands for itself, and nothing follows. The bounds are those of Filecoin's
 * nodes. Libraries have the first of this and not the second: a few kilobytes of nested lists end in their stack overflow.
 *
 * Source: Ethereum's Yellow Paper, appendix B; lotus chain/types/ethtypes/rlp.go.
 */
import { bytesToNumberBE, concatBytes, numberToVarBytesBE } from '@noble/curves/utils.js'
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

/** The bytes of a value. */
export function encodeRlp(value: RlpValue): Uint8Array {
  if (!(value instanceof Uint8Array)) return framed(LIST, concatBytes(...value.map(encodeRlp)))
  const [only] = value
  return value.length === 1 && only !== undefined && only < STRING ? value.slice() : framed(STRING, value)
}

/** An unsigned integer as a byte string: big-endian without leading zeros, and empty for 0. */
export function rlpInteger(value: bigint): Uint8Array {
  return value === 0n ? new Uint8Array() : numberToVarBytesBE(value)
}

/** The integer that a byte string is; `undefined` where it has leading zeros. */
export function readRlpInteger(bytes: Uint8Array): bigint | undefined {
  return bytes[0] === 0 ? undefined : bytesToNumberBE(bytes)
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
    length = Number(bytesToNumberBE(bytes.subarray(at + 1, start)))
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

function framed(kind: number, content: Uint8Array): Uint8Array {
  if (content.length <= SHORT) return concatBytes(Uint8Array.of(kind + content.length), content)
  const length = numberToVarBytesBE(content.length)
  return concatBytes(Uint8Array.of(kind + SHORT + length.length), length, content)
}

function malformed(why: string): TroupeError {
  return new TroupeError('rlp/malformed', `RLP: ${why}`)
}
