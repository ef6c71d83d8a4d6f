import { CodedError } from '@troupe/crypto'
import { encodeIpld, type IpldValue, isCid } from '@troupe/ipld'
import type { SchemaOptions } from './address-text.ts'
import { parseBitfield } from './bitfield-text.ts'
import { isRecord } from './decode.ts'
import { SchemaError, type SchemaErrorCode } from './errors.ts'
import { writeBigInt, writeWord } from './numbers.ts'
import type { Schema, TupleSchema } from './schema.ts'

const MAX_UINT = 2n ** 64n - 1n
const MAX_INT = 2n ** 63n - 1n

/**
 * Encodes a value, parameters of a method for example, as DAG-CBOR: what {@link decodeWith} gives, or less formally numbers for integers, and nothing for what may be
 * `null`.
 * @throws {SchemaError} schema/…, which names the field
 * @throws {IpldError} cbor/… where the description says `any` and it is no value of the data model
 */
export function encodeWith(
  schema: Schema,
  value: IpldValue,
  options: SchemaOptions = {},
): Uint8Array<ArrayBuffer> {
  return encodeIpld(toPlain(schema, value, options))
}

/** The value of the plain data model that is encoded; see {@link encodeWith}. @throws {SchemaError} */
export function toPlain(schema: Schema, value: IpldValue, options: SchemaOptions = {}): IpldValue {
  return plainOf(schema, value, '', options)
}

function plainOf(
  schema: Schema,
  value: IpldValue | undefined,
  field: string,
  options: SchemaOptions,
): IpldValue {
  if (value === undefined) {
    if (schema.kind === 'optional') return null
    throw new SchemaError('schema/missing-field', field, 'is missing')
  }
  switch (schema.kind) {
    case 'any':
      return value
    case 'uint':
      return integer(value, field, 0n, MAX_UINT)
    case 'int':
      return integer(value, field, -MAX_INT - 1n, MAX_INT)
    case 'constant':
      return (typeof value === 'number' ? integer(value, field, 0n, MAX_UINT) : value) === schema.value
        ? schema.value
        : wrong(field, String(schema.value), value)
    case 'bigInt':
    case 'tokens':
      return writeBigInt(toBigInt(value, field)) ?? refuse('schema/out-of-range', field, 'is too long')
    case 'u256':
      return (
        writeWord(toBigInt(value, field)) ?? refuse('schema/out-of-range', field, 'has more than 256 bits')
      )
    case 'text':
      return typeof value === 'string' ? value : wrong(field, 'a text', value)
    case 'bool':
      return typeof value === 'boolean' ? value : wrong(field, 'true or false', value)
    case 'bytes':
      return value instanceof Uint8Array ? value : wrong(field, 'bytes', value)
    case 'address':
      return address(value, field, options)
    case 'bitfield':
      return bitfield(value, field)
    case 'cid':
    case 'link':
    case 'hamt':
    case 'amt':
    case 'kamt':
      return isCid(value) ? value : wrong(field, 'a CID', value)
    case 'embedded':
      // Who has encoded it already may hand it over as it is.
      return value instanceof Uint8Array ? value : encodeIpld(plainOf(schema.content, value, field, options))
    case 'optional':
      return value === null ? null : plainOf(schema.value, value, field, options)
    case 'oneOf':
      return firstThatFits(schema.choices, value, field, options)
    case 'list':
      if (!Array.isArray(value)) return wrong(field, 'a list', value)
      return value.map((item, index) => plainOf(schema.item, item, below(field, index), options))
    case 'map':
      if (!isRecord(value)) return wrong(field, 'a record', value)
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [
          key,
          plainOf(schema.value, item, below(field, key), options),
        ]),
      )
    case 'tuple':
      return isRecord(value) ? fields(schema, value, field, options) : wrong(field, 'a record', value)
  }
}

function fields(
  { fields: known, required }: TupleSchema,
  value: { readonly [key: string]: IpldValue },
  field: string,
  options: SchemaOptions,
): IpldValue {
  const names = new Set(known.map(([name]) => name))
  const unknown = Object.keys(value).find((name) => !names.has(name))
  if (unknown !== undefined)
    refuse('schema/unknown-field', below(field, unknown), `is none of ${[...names].join(', ')}`)
  // What may be missing is missing from the end only.
  const last = known.findLastIndex(([name]) => Object.hasOwn(value, name))
  return known
    .slice(0, Math.max(required, last + 1))
    .map(([name, schema]) =>
      plainOf(schema, Object.hasOwn(value, name) ? value[name] : undefined, below(field, name), options),
    )
}

function firstThatFits(
  choices: readonly Schema[],
  value: IpldValue,
  field: string,
  options: SchemaOptions,
): IpldValue {
  let refusal: SchemaError | undefined
  for (const choice of choices) {
    try {
      return plainOf(choice, value, field, options)
    } catch (error) {
      if (!(error instanceof SchemaError)) throw error
      refusal ??= error
    }
  }
  throw refusal ?? new SchemaError('schema/wrong-type', field, 'nothing fits here')
}

function integer(value: IpldValue, field: string, least: bigint, most: bigint): bigint {
  const exact = toBigInt(value, field)
  return exact >= least && exact <= most
    ? exact
    : refuse('schema/out-of-range', field, `${exact} is not from ${least} to ${most}`)
}

function toBigInt(value: IpldValue, field: string): bigint {
  if (typeof value === 'bigint') return value
  return typeof value === 'number' && Number.isSafeInteger(value)
    ? BigInt(value)
    : wrong(field, 'an integer', value)
}

function address(value: IpldValue, field: string, { addresses }: SchemaOptions): Uint8Array {
  if (value instanceof Uint8Array) return value
  const bytes = typeof value === 'string' ? addresses?.parse(value) : undefined
  return bytes ?? wrong(field, 'an address', value)
}

function bitfield(value: IpldValue, field: string): Uint8Array {
  if (typeof value !== 'string') return wrong(field, 'a text like 0-9, 12', value)
  try {
    return parseBitfield(value)?.encode() ?? wrong(field, 'a text like 0-9, 12', value)
  } catch (error) {
    if (!(error instanceof CodedError) || error instanceof SchemaError) throw error
    return refuse('schema/out-of-range', field, error.message)
  }
}

function below(field: string, name: string | number): string {
  return field === '' ? String(name) : `${field}/${name}`
}

function wrong(field: string, wanted: string, value: unknown): never {
  return refuse('schema/wrong-type', field, `${describe(value)} is not ${wanted}`)
}

function refuse(code: SchemaErrorCode, field: string, message: string): never {
  throw new SchemaError(code, field, message)
}

function describe(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (value instanceof Uint8Array) return `${value.length} bytes`
  return typeof value === 'object' ? 'a record' : `a ${typeof value}`
}
