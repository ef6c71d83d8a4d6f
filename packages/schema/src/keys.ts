import { CodedError } from '@troupe/crypto'
import { decodeCid, decodeUtf8 } from '@troupe/ipld'
import { type SchemaOptions, showAddress } from './address-text.ts'
import { toHex } from './numbers.ts'
import type { KeyKind } from './schema.ts'

/** Bytes that a number of 64 bits takes in LEB128, at most. */
const MAX_VARINT_LENGTH = 10
const MAX_UINT = 2n ** 64n - 1n

/** A key of a HAMT as text: what fits no other kind, and bytes, as hexadecimal digits behind `0x`. */
export function formatKey(kind: KeyKind, key: Uint8Array, options: SchemaOptions = {}): string {
  return readKey(kind, key, options) ?? `0x${toHex(key)}`
}

function readKey(kind: KeyKind, key: Uint8Array, options: SchemaOptions): string | undefined {
  switch (kind) {
    case 'bytes':
      return undefined
    case 'text':
      return decodeUtf8(key)
    case 'uint':
      return readVarint(key)?.toString()
    case 'int': {
      const value = readVarint(key)
      return value === undefined ? undefined : String(value % 2n === 0n ? value / 2n : -(value + 1n) / 2n)
    }
    case 'id': {
      const id = readVarint(key)
      if (id === undefined) return undefined
      // An id-address is its protocol, 0, and the same LEB128.
      const shown = showAddress(Uint8Array.of(0, ...key), options)
      return typeof shown === 'string' ? shown : `f0${id}`
    }
    case 'address': {
      const shown = showAddress(key, options)
      return typeof shown === 'string' ? shown : undefined
    }
    case 'cid':
      try {
        return String(decodeCid(key))
      } catch (error) {
        if (error instanceof CodedError) return undefined
        throw error
      }
  }
}

/** The number that LEB128 bytes are, all of them. */
function readVarint(bytes: Uint8Array): bigint | undefined {
  const last = bytes.length - 1
  if (last < 0 || last >= MAX_VARINT_LENGTH) return undefined
  let value = 0n
  for (let i = last; i >= 0; i--) {
    const byte = bytes[i] as number
    if (byte >= 128 !== i < last) return undefined
    value = (value << 7n) | BigInt(byte & 127)
  }
  return value > MAX_UINT ? undefined : value
}
