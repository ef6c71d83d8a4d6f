/** @module Readers of the values that methods take. What they accept is what clients send; anything else is refused with the name of the parameter. */
import { type Address, ethereumAddress } from '@troupe/hypervisor'
import { isJsonObject } from '../protocol/json.ts'
import { fromHex } from '../text/hex.ts'
import { invalid, type Reader, reader } from './parameter.ts'

/** Characters of a value that an error repeats. */
const MAX_SHOWN = 80
/** Numbers are at most those of the EVM. */
const MAX_QUANTITY = 2n ** 256n - 1n
const DECIMAL = /^[0-9]{1,78}$/u
const HEXADECIMAL = /^0[xX][0-9a-fA-F]{1,64}$/u

const ADDRESS_LENGTH = 20
const HASH_LENGTH = 32

/** A number from 0 on: `0x` and digits, a decimal text, or a number of JSON, as Lotus takes it. */
export const quantity: Reader<bigint> = reader('a number', (value, at) => {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value)
  // Not of JSON, but programs in the same process may have it.
  if (typeof value === 'bigint' && value >= 0n && value <= MAX_QUANTITY) return value
  if (typeof value === 'string' && (HEXADECIMAL.test(value) || DECIMAL.test(value))) {
    const number = BigInt(value.toLowerCase())
    if (number <= MAX_QUANTITY) return number
  }
  throw invalid(at, `is no number from 0 to 2^256-1, such as "0x2a": ${show(value)}`)
})

/** A number that is small enough for a count. */
export function count(maximum: number): Reader<number> {
  return reader(`a number up to ${maximum}`, (value, at) => {
    const number = quantity.read(value, at)
    if (number > maximum) throw invalid(at, `is ${number}, more than ${maximum}`)
    return Number(number)
  })
}

/** Bytes. */
export const bytes: Reader<Uint8Array> = reader('bytes', (value, at) => {
  const read = typeof value === 'string' && value.startsWith('0x') ? fromHex(value) : undefined
  if (read === undefined)
    throw invalid(at, `is no text of bytes: 0x and an even number of hexadecimal digits: ${show(value)}`)
  return read
})

function fixedBytes(type: string, length: number): Reader<Uint8Array> {
  return reader(type, (value, at) => {
    const read = typeof value === 'string' && value.startsWith('0x') ? fromHex(value) : undefined
    if (read?.length !== length)
      throw invalid(at, `is not ${type}: 0x and ${2 * length} hexadecimal digits: ${show(value)}`)
    return read
  })
}

/** 32 bytes: the name of a block or a transaction, or a word. */
export const hash: Reader<Uint8Array> = fixedBytes('a hash', HASH_LENGTH)

const addressBytes = fixedBytes('an Ethereum address', ADDRESS_LENGTH)

/** An Ethereum address, as the Filecoin address that it is. Its case does not matter. */
export const address: Reader<Address> = reader('an Ethereum address', (value, at) =>
  ethereumAddress(addressBytes.read(value, at)),
)

export const boolean: Reader<boolean> = reader('true or false', (value, at) => {
  if (typeof value === 'boolean') return value
  throw invalid(at, `is neither true nor false: ${show(value)}`)
})

/** A text. */
export function text(maximumLength: number): Reader<string> {
  return reader('a text', (value, at) => {
    if (typeof value === 'string' && value.length <= maximumLength) return value
    throw invalid(at, `is no text of up to ${maximumLength} characters: ${show(value)}`)
  })
}

/** One of several texts. */
export function oneOf<const T extends string>(...texts: readonly T[]): Reader<T> {
  return reader(texts.join(' or '), (value, at) => {
    const found = texts.find((known) => known === value)
    if (found === undefined) throw invalid(at, `is not ${texts.join(' or ')}: ${show(value)}`)
    return found
  })
}

/** A list. */
export function listOf<T>(item: Reader<T>, maximumLength: number): Reader<readonly T[]> {
  return reader(`a list of ${item.type}`, (value, at) => {
    if (!Array.isArray(value)) throw invalid(at, `is no list: ${show(value)}`)
    if (value.length > maximumLength)
      throw invalid(at, `has ${value.length} items, more than ${maximumLength}`)
    return value.map((entry, index) => item.read(entry, `${at}[${index}]`))
  })
}

/** What an object has, by the readers of its fields. */
export type ObjectOf<F extends { readonly [name: string]: Reader<unknown> }> = {
  readonly [N in keyof F]: F[N] extends Reader<infer T> ? T : never
}

/** An object. Fields that have no reader are left alone: clients send more than is asked of them. */
export function objectOf<const F extends { readonly [name: string]: Reader<unknown> }>(
  type: string,
  fields: F,
): Reader<ObjectOf<F>> {
  return reader(type, (value, at) => {
    if (!isJsonObject(value)) throw invalid(at, `is no object: ${show(value)}`)
    const entries = Object.entries(fields).map(([name, field]) => [
      name,
      field.read(Object.hasOwn(value, name) ? value[name] : undefined, `${at}.${name}`),
    ])
    return Object.fromEntries(entries) as ObjectOf<F>
  })
}

/** An object of any names, as a list. */
export function recordOf<T>(item: Reader<T>, maximumSize: number): Reader<readonly (readonly [string, T])[]> {
  return reader(`an object of ${item.type}`, (value, at) => {
    if (!isJsonObject(value)) throw invalid(at, `is no object: ${show(value)}`)
    const entries = Object.entries(value)
    if (entries.length > maximumSize)
      throw invalid(at, `has ${entries.length} fields, more than ${maximumSize}`)
    return entries.map(
      ([name, entry]) => [name, item.read(entry, `${at}.${name.slice(0, MAX_SHOWN)}`)] as const,
    )
  })
}

/** A value in an error: short, and on one line. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, MAX_SHOWN))
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : String(value).slice(0, MAX_SHOWN)
}
