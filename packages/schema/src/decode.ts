import { CodedError } from '@troupe/crypto'
import { Bitfield, decodeIpld, type IpldValue, isCid, MAX_BITFIELD_BYTES } from '@troupe/ipld'
import { type SchemaOptions, showAddress } from './address-text.ts'
import { formatBitfield } from './bitfield-text.ts'
import { readBigInt, readWord } from './numbers.ts'
import { ANY, type Schema, type TupleSchema } from './schema.ts'

/** A value as a description shows it. */
export interface Decoded {
  /**
   * Tuples as records, big integers as `bigint`, bitfields as text, addresses as text where the options say how. What does not fit the description is as the
   * plain data model has it, and bytes that are no DAG-CBOR are bytes.
   */
  readonly value: IpldValue
  /** Whether all of it fits. */
  readonly isDescribed: boolean
}

/** Whether everything fitted so far. */
interface Reading {
  readonly options: SchemaOptions
  isDescribed: boolean
}

/** Stands for a value that does not fit. */
const UNFIT = Symbol('unfit')

/**
 * Decodes what an actor wrote. Nothing that an actor can write makes it throw: what does not fit the description, or no description, is shown plainly.
 *
 * *Bounds*: those of `decodeIpld`.
 */
export function decodeWith(schema: Schema, bytes: Uint8Array, options: SchemaOptions = {}): Decoded {
  const plain = decodePlain(bytes)
  return plain === undefined ? { value: bytes, isDescribed: false } : interpret(schema, plain, options)
}

/** The DAG-CBOR that bytes are; `undefined` where they are none. */
export function decodePlain(bytes: Uint8Array): IpldValue | undefined {
  try {
    return decodeIpld(bytes)
  } catch (error) {
    if (error instanceof CodedError) return undefined
    throw error
  }
}

/** A value of the plain data model as a description shows it; see {@link decodeWith}. */
export function interpret(schema: Schema, plain: IpldValue, options: SchemaOptions = {}): Decoded {
  const reading: Reading = { options, isDescribed: true }
  const value = show(schema, plain, reading)
  return { value, isDescribed: reading.isDescribed }
}

/**
 * What is said of this very value: the choice that fits among several, and what stands behind `optional`. {@link ANY} where it does not fit, and for a
 * `null` that may be one.
 */
export function specialise(schema: Schema, plain: IpldValue): Schema {
  switch (schema.kind) {
    case 'optional':
      return plain === null ? ANY : specialise(schema.value, plain)
    case 'oneOf': {
      const choice = schema.choices.find((candidate) => interpret(candidate, plain).isDescribed)
      return choice === undefined ? ANY : specialise(choice, plain)
    }
    case 'tuple':
      return Array.isArray(plain) && hasFields(schema, plain) ? schema : ANY
    case 'list':
      return Array.isArray(plain) ? schema : ANY
    case 'map':
      return isRecord(plain) ? schema : ANY
    case 'link':
    case 'hamt':
    case 'amt':
    case 'kamt':
      return isCid(plain) ? schema : ANY
    default:
      return interpret(schema, plain).isDescribed ? schema : ANY
  }
}

/** Whether a value of the data model is a map. */
export function isRecord(value: unknown): value is { readonly [key: string]: IpldValue } {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array) &&
    !isCid(value)
  )
}

function show(schema: Schema, plain: IpldValue, reading: Reading): IpldValue {
  const shown = tryShow(schema, plain, reading)
  if (shown !== UNFIT) return shown
  reading.isDescribed = false
  return plain
}

function tryShow(schema: Schema, plain: IpldValue, reading: Reading): IpldValue | typeof UNFIT {
  switch (schema.kind) {
    case 'any':
      return plain
    case 'constant':
      return plain === schema.value ? plain : UNFIT
    case 'uint':
      return typeof plain === 'bigint' && plain >= 0n ? plain : UNFIT
    case 'int':
      return typeof plain === 'bigint' ? plain : UNFIT
    case 'text':
      return typeof plain === 'string' ? plain : UNFIT
    case 'bool':
      return typeof plain === 'boolean' ? plain : UNFIT
    case 'cid':
    case 'link':
    case 'hamt':
    case 'amt':
    case 'kamt':
      return isCid(plain) ? plain : UNFIT
    case 'optional':
      return plain === null ? null : show(schema.value, plain, reading)
    case 'oneOf': {
      for (const choice of schema.choices) {
        const { value, isDescribed } = interpret(choice, plain, reading.options)
        if (isDescribed) return value
      }
      return UNFIT
    }
    case 'list':
      return Array.isArray(plain) ? plain.map((item) => show(schema.item, item, reading)) : UNFIT
    case 'tuple': {
      if (!Array.isArray(plain) || !hasFields(schema, plain)) return UNFIT
      const items: readonly IpldValue[] = plain
      return Object.fromEntries(
        items.map((item, index) => {
          const [name, field] = schema.fields[index] as TupleSchema['fields'][number]
          return [name, show(field, item, reading)]
        }),
      )
    }
    case 'map':
      if (!isRecord(plain)) return UNFIT
      return Object.fromEntries(
        Object.entries(plain).map(([key, item]) => [key, show(schema.value, item, reading)]),
      )
    default:
      return plain instanceof Uint8Array ? showBytes(schema, plain, reading) : UNFIT
  }
}

/** The kinds that are byte strings in CBOR. */
function showBytes(
  schema: Extract<Schema, { kind: 'embedded' }> | { readonly kind: unknown },
  bytes: Uint8Array,
  reading: Reading,
): IpldValue | typeof UNFIT {
  switch (schema.kind) {
    case 'bytes':
      return bytes
    case 'bigInt':
    case 'tokens':
      return readBigInt(bytes) ?? UNFIT
    case 'u256':
      return readWord(bytes) ?? UNFIT
    case 'address':
      return showAddress(bytes, reading.options) ?? UNFIT
    case 'bitfield':
      return showBitfield(bytes) ?? UNFIT
    default: {
      const plain = decodePlain(bytes)
      return plain === undefined || !('content' in schema) ? UNFIT : show(schema.content, plain, reading)
    }
  }
}

function showBitfield(bytes: Uint8Array): string | undefined {
  if (bytes.length > MAX_BITFIELD_BYTES) return undefined
  try {
    return formatBitfield(Bitfield.decode(bytes))
  } catch (error) {
    if (error instanceof CodedError) return undefined
    throw error
  }
}

function hasFields({ fields, required }: TupleSchema, items: readonly unknown[]): boolean {
  return items.length >= required && items.length <= fields.length
}
