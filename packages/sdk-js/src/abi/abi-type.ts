/** @module The types of Solidity's encoding, ready to be written and read. Source: the Contract ABI Specification of Solidity. */
import { bytes, DefinitionError, type Passable, SdkError, toUint8Array } from '@troupe/sdk-js'
import { type AbiReader, type AbiWriter, malformed, WORD } from './abi-buffer.ts'
import type { AbiParameter, EthereumAddress } from './abi-values.ts'

/** A type, ready to be used. */
export interface AbiType {
  /** As it stands in signatures. */
  readonly name: string
  /** Bytes that it takes in whatever it is a part of: those of its value, or of the offset of it. */
  readonly headSize: number
  readonly isDynamic: boolean
  /** Writes a value: one of fixed size at a position, any other at the end. @throws {SdkError} abi/refused */
  write(writer: AbiWriter, at: number, value: unknown): void
  /** Reads the value that begins at a position. @throws {SdkError} abi/malformed */
  read(reader: AbiReader, at: number): Passable
}

const BASE = /^(address|bool|bytes|function|int|string|tuple|uint)([1-9]\d*)?$/
const SUFFIX = /\[([1-9]\d*)?\]$/
/** Levels of arrays and tuples that a type may have. */
const MAX_DEPTH = 16
/** Words of a type in one piece: of an array whose length it says, above all. */
const MAX_WORDS = 65_536
const ADDRESS = /^0x[0-9a-fA-F]{40}$/
const ADDRESS_DIGITS = 40
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Makes a parameter's type. @throws {DefinitionError} definition/bad-abi */
export function makeType(parameter: AbiParameter, depth = 0): AbiType {
  const { type } = parameter
  if (typeof type !== 'string' || depth > MAX_DEPTH) badAbi(`a type of more than ${MAX_DEPTH} levels`)
  const suffix = SUFFIX.exec(type)
  if (suffix !== null) {
    const element = makeType({ ...parameter, type: type.slice(0, suffix.index) }, depth + 1)
    if (suffix[1] === undefined) return listType(element, undefined)
    const length = Number(suffix[1])
    if (length * element.headSize > MAX_WORDS * WORD) badAbi(`the array ${type}, which is too long`)
    return listType(element, length)
  }
  const [, base, digits = ''] = BASE.exec(type) ?? []
  const size = Number(digits)
  if (base === 'tuple' && digits === '') return tupleType(parameter, depth)
  if ((base === 'uint' || base === 'int') && isIn(size, 8, 256) && size % 8 === 0)
    return integerType(base, size)
  if (base === 'bytes' && digits !== '' && isIn(size, 1, 32)) return fixedBytesType(size)
  const plain = digits === '' ? PLAIN_TYPES[base ?? ''] : undefined
  return plain ?? badAbi(`the type ${type}`)
}

function isIn(value: number, low: number, high: number): boolean {
  return value >= low && value <= high
}

/** Whether a value is an address, as text. */
export function isEthereumAddress(value: unknown): value is EthereumAddress {
  return typeof value === 'string' && ADDRESS.test(value)
}

function wordType(
  name: string,
  write: (value: unknown) => bigint | undefined,
  read: (word: bigint) => Passable | undefined,
): AbiType {
  return {
    ...{ name, headSize: WORD, isDynamic: false },
    write: (writer, at, value) => writer.word(at, write(value) ?? refuse(name)),
    read: (reader, at) => read(reader.word(at)) ?? malformed(`a word that is no ${name}`),
  }
}

function integerType(base: 'uint' | 'int', bits: number): AbiType {
  const range = 2n ** BigInt(bits)
  const [low, high] = base === 'uint' ? [0n, range] : [-(range / 2n), range / 2n]
  const all = 2n ** 256n
  const isIt = (value: unknown): value is bigint => typeof value === 'bigint' && value >= low && value < high
  return wordType(
    `${base}${bits}`,
    (value) => (isIt(value) ? value : undefined),
    (word) => {
      const value = base === 'int' && word >= all / 2n ? word - all : word
      return isIt(value) ? value : undefined
    },
  )
}

const PLAIN_TYPES: Readonly<Record<string, AbiType>> = {
  address: wordType(
    'address',
    (value) => (isEthereumAddress(value) ? BigInt(value) : undefined),
    (word) => {
      const digits = word.toString(16).padStart(ADDRESS_DIGITS, '0')
      return digits.length > ADDRESS_DIGITS ? undefined : `0x${digits}`
    },
  ),
  bool: wordType(
    'bool',
    (value) => (typeof value === 'boolean' ? BigInt(value) : undefined),
    (word) => (word > 1n ? undefined : word === 1n),
  ),
  bytes: textType(
    'bytes',
    (value) => (value instanceof ArrayBuffer ? toUint8Array(value) : undefined),
    bytes,
  ),
  string: textType(
    'string',
    (value) => (typeof value === 'string' && value.isWellFormed() ? encoder.encode(value) : undefined),
    (data) => {
      try {
        return decoder.decode(data)
      } catch {
        return malformed('a string that is not UTF-8')
      }
    },
  ),
}

function textType(
  name: string,
  encode: (value: unknown) => Uint8Array | undefined,
  decode: (data: Uint8Array) => Passable,
): AbiType {
  return {
    ...{ name, headSize: WORD, isDynamic: true },
    write: (writer, _, value) => {
      const data = encode(value) ?? refuse(name)
      const at = writer.reserve(WORD + Math.ceil(data.length / WORD) * WORD)
      writer.word(at, BigInt(data.length))
      writer.bytes(at + WORD, data)
    },
    read: (reader, at) => decode(reader.bytes(at + WORD, reader.size(at))),
  }
}

function fixedBytesType(size: number): AbiType {
  const name = `bytes${size}`
  return {
    ...{ name, headSize: WORD, isDynamic: false },
    write: (writer, at, value) => {
      if (!(value instanceof ArrayBuffer) || value.byteLength !== size) refuse(name)
      writer.bytes(at, toUint8Array(value))
    },
    read: (reader, at) => bytes(reader.bytes(at, size)),
  }
}

/** @param length `undefined` where the value says it */
function listType(element: AbiType, length: number | undefined): AbiType {
  const name = `${element.name}[${length ?? ''}]`
  const isDynamic = length === undefined || element.isDynamic
  const types = (count: number): readonly AbiType[] => Array.from({ length: count }, () => element)
  const fixed = length === undefined ? undefined : sequence(types(length))
  return {
    ...{ name, isDynamic, headSize: isDynamic ? WORD : element.headSize * (length as number) },
    write: (writer, at, value) => {
      if (!Array.isArray(value) || (length !== undefined && value.length !== length)) refuse(name)
      if (fixed !== undefined) fixed.write(writer, at, value)
      else {
        writer.word(writer.reserve(WORD), BigInt(value.length))
        writeItems(types(value.length), writer, value)
      }
    },
    read: (reader, at) => {
      if (fixed !== undefined) return fixed.read(reader, at)
      const count = reader.size(at)
      if (count * element.headSize > reader.length - at - WORD) malformed(`a list of ${count}`)
      return sequence(types(count)).read(reader, at + WORD)
    },
  }
}

function tupleType({ components = [] }: AbiParameter, depth: number): AbiType {
  const { types, ...parts } = sequence(components.map((component) => makeType(component, depth + 1)))
  const names = components.map(({ name = '' }) => name)
  const name = parts.name
  if (types.length === 0) badAbi('a tuple without components')
  if (names.includes('')) return parts
  if (new Set(names).size !== names.length) badAbi('a tuple with a name twice')
  return {
    ...parts,
    write: (writer, at, value) => {
      if (typeof value !== 'object' || value === null) refuse(name)
      for (const key of names) if (!Object.hasOwn(value, key)) refuse(`${name} without ${key}`)
      const values = names.map((key) => (value as Readonly<Record<string, unknown>>)[key])
      parts.write(writer, at, values)
    },
    read: (reader, at) => {
      const values = parts.read(reader, at) as readonly Passable[]
      return Object.fromEntries(names.map((key, i) => [key, values[i] as Passable]))
    },
  }
}

/** Values one after the other, as a list: a tuple, an array, the arguments of a function. */
export function sequence(types: readonly AbiType[]): AbiType & { readonly types: readonly AbiType[] } {
  const name = `(${types.map((type) => type.name).join(',')})`
  const isDynamic = types.some((type) => type.isDynamic)
  return {
    ...{ name, types, isDynamic, headSize: isDynamic ? WORD : sizeOfHeads(types) },
    write: (writer, at, values) => {
      if (!Array.isArray(values) || values.length !== types.length) refuse(name)
      writeItems(types, writer, values, isDynamic ? undefined : at)
    },
    read: (reader, start) => {
      let at = start
      return types.map((type) => {
        const value = type.read(reader, type.isDynamic ? start + reader.size(at) : at)
        at += type.headSize
        return value
      })
    },
  }
}

/** Writes the heads of values, and behind them what the heads only lead to. @param at where the heads begin. Default: at the end */
export function writeItems(
  types: readonly AbiType[],
  writer: AbiWriter,
  values: readonly unknown[],
  at: number = writer.reserve(sizeOfHeads(types)),
): void {
  let head = at
  for (let i = 0; i < types.length; i++) {
    const type = types[i] as AbiType
    if (type.isDynamic) writer.word(head, BigInt(writer.length - at))
    type.write(writer, head, values[i])
    head += type.headSize
  }
}

function sizeOfHeads(types: readonly AbiType[]): number {
  return types.reduce((size, { headSize }) => size + headSize, 0)
}

function refuse(name: string): never {
  throw new SdkError('abi/refused', `a value that is no ${name}`)
}

/** @throws {DefinitionError} definition/bad-abi */
export function badAbi(what: string): never {
  throw new DefinitionError('definition/bad-abi', what)
}
