/**
 * @module Descriptions of values, as data: what stands where in the tuples that actors keep as state, take as parameters, and return. A description is a plain
 * record; the functions here only make writing one shorter.
 */

/** How the keys of a HAMT are written: numbers as LEB128, signed ones behind a zigzag; `id` is the number of an actor. */
export type KeyKind = 'address' | 'id' | 'uint' | 'int' | 'bytes' | 'text' | 'cid'

/** The kinds of values that need no further description. */
export type ScalarKind =
  /** Any value of the IPLD data model. */
  | 'any'
  /** An integer of up to 64 bits. */
  | 'uint'
  | 'int'
  /** An FVM big integer: CBOR bytes, a sign and the magnitude. */
  | 'bigInt'
  /** attoFIL, or the same fraction of another token: an FVM big integer. */
  | 'tokens'
  /** A 256-bit word: CBOR bytes, big-endian, without leading zeros. */
  | 'u256'
  | 'bytes'
  | 'text'
  | 'bool'
  /** A link to something that is not described. */
  | 'cid'
  /** The bytes of an address. */
  | 'address'
  /** RLE+ bytes, as text: `0-9, 12`. */
  | 'bitfield'

/** The description of a value. */
export type Schema =
  | { readonly kind: ScalarKind }
  | ListSchema
  | TupleSchema
  | MapSchema
  | OptionalSchema
  | ConstantSchema
  | OneOfSchema
  | EmbeddedSchema
  | LinkSchema
  | HamtSchema
  | AmtSchema
  | KamtSchema

/** A CBOR array of values of one kind. */
export interface ListSchema {
  readonly kind: 'list'
  readonly item: Schema
}

/** A CBOR array with a place for each field. */
export interface TupleSchema {
  readonly kind: 'tuple'
  /** Names and descriptions, in their order. */
  readonly fields: readonly (readonly [name: string, schema: Schema])[]
  /** How many of them are always there; what later versions of an actor have added may be missing. */
  readonly required: number
}

/** A CBOR map from texts to values of one kind. */
export interface MapSchema {
  readonly kind: 'map'
  readonly value: Schema
}

/** A value, or `null`. */
export interface OptionalSchema {
  readonly kind: 'optional'
  readonly value: Schema
}

/** One integer, text or truth value: with `oneOf` a field that says what the others are. */
export interface ConstantSchema {
  readonly kind: 'constant'
  readonly value: bigint | string | boolean
}

/** A value of one of several kinds: the first that fits. */
export interface OneOfSchema {
  readonly kind: 'oneOf'
  readonly choices: readonly Schema[]
}

/** CBOR bytes that are DAG-CBOR themselves. */
export interface EmbeddedSchema {
  readonly kind: 'embedded'
  readonly content: Schema
}

/** A link to a block. */
export interface LinkSchema {
  readonly kind: 'link'
  readonly to: Schema
}

/** A link to the root of a HAMT whose keys are hashed with SHA-256. */
export interface HamtSchema {
  readonly kind: 'hamt'
  readonly key: KeyKind
  readonly value: Schema
  readonly bitWidth: number
}

/** A link to the root of an AMT. */
export interface AmtSchema {
  readonly kind: 'amt'
  readonly value: Schema
  /** The form of the root: 3, or 0 as in block headers. */
  readonly version: 3 | 0
}

/** A link to the root of a KAMT from 256-bit words to 256-bit words, as EVM contracts keep their storage. */
export interface KamtSchema {
  readonly kind: 'kamt'
}

/** The bit width of the HAMTs of built-in actors, most of them. */
const HAMT_BIT_WIDTH = 5

export const ANY: Schema = { kind: 'any' }
export const UINT: Schema = { kind: 'uint' }
export const INT: Schema = { kind: 'int' }
export const BIG_INT: Schema = { kind: 'bigInt' }
export const TOKENS: Schema = { kind: 'tokens' }
export const U256: Schema = { kind: 'u256' }
export const BYTES: Schema = { kind: 'bytes' }
export const TEXT: Schema = { kind: 'text' }
export const BOOL: Schema = { kind: 'bool' }
export const CID: Schema = { kind: 'cid' }
export const ADDRESS: Schema = { kind: 'address' }
export const BITFIELD: Schema = { kind: 'bitfield' }
export const STORAGE: Schema = { kind: 'kamt' }

/** A list of values. */
export const list = (item: Schema): ListSchema => ({ kind: 'list', item })

/** A tuple; `required` where fields at the end may be missing. */
export function tuple(fields: Readonly<Record<string, Schema>>, required?: number): TupleSchema {
  const entries = Object.entries(fields)
  return { kind: 'tuple', fields: entries, required: required ?? entries.length }
}

/** A map from texts. */
export const map = (value: Schema): MapSchema => ({ kind: 'map', value })

/** A value or `null`. */
export const optional = (value: Schema): OptionalSchema => ({ kind: 'optional', value })

/** One integer, text or truth value. */
export const constant = (value: bigint | string | boolean): ConstantSchema => ({ kind: 'constant', value })

/** The first that fits. */
export const oneOf = (...choices: readonly Schema[]): OneOfSchema => ({ kind: 'oneOf', choices })

/** Bytes that are DAG-CBOR themselves. */
export const embedded = (content: Schema): EmbeddedSchema => ({ kind: 'embedded', content })

/** A link to a block. */
export const link = (to: Schema): LinkSchema => ({ kind: 'link', to })

/** A HAMT; the bit width is 5 where none is given. */
export const hamt = (key: KeyKind, value: Schema, bitWidth: number = HAMT_BIT_WIDTH): HamtSchema => ({
  kind: 'hamt',
  key,
  value,
  bitWidth,
})

/** An AMT of version 3. Its bit width stands in its root. */
export const amt = (value: Schema): AmtSchema => ({ kind: 'amt', value, version: 3 })
