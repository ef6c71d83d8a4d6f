import type { ByteReader } from './byte-reader.ts'
import type { Dialect } from './dialect.ts'
import { ValueType } from './wasm-module.ts'

/**
 * Reads a value type: a number type, or `funcref` where the dialect has it.
 * @throws {ContainerError} module/malformed, module/unsupported
 */
export function readValueType(reader: ByteReader, dialect: Dialect): number {
  const offset = reader.offset
  const byte = reader.byte()
  if (byte <= ValueType.I32 && byte >= ValueType.F64) return byte
  if (byte === ValueType.FUNCREF && dialect.extended) return byte
  if (byte === 0x7b) reader.unsupported('SIMD', offset)
  if (byte === ValueType.FUNCREF || byte === 0x6f) reader.unsupported('reference types', offset)
  if (byte >= 0x62 && byte <= 0x75) reader.unsupported('garbage collection', offset)
  return reader.malformed(`value type 0x${byte.toString(16)}`, offset)
}
