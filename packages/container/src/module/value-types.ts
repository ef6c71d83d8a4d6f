import type { ByteReader } from './byte-reader.ts'
import type { Dialect } from './dialect.ts'
import { ValueType } from './wasm-module.ts'

/**
 * Reads a value type: a number type, or `funcref` where the dialect has it.
 * @throws {ContainerError} module/malformed, module/unsupported
 */
export function readValueType(reader: ByteReader, dialect: Pick<Dialect, 'extended'>): number {
  const offset = reader.offset
  const byte = reader.byte()
  if (byte <= ValueType.I32 && byte >= ValueType.F64) return byte
  if (byte === ValueType.FUNCREF && dialect.extended) return byte
  if (byte === 0x7b) reader.unsupported('SIMD', offset)
  if (byte === ValueType.FUNCREF || byte === 0x6f) reader.unsupported('reference types', offset)
  if (byte === 0x63 || byte === 0x64) reader.unsupported('typed function references', offset)
  if (byte === 0x69 || byte === 0x74) reader.unsupported('exceptions', offset)
  if (byte === 0x68 || byte === 0x75) reader.unsupported('stack switching', offset)
  if (byte >= 0x65 && byte <= 0x73) reader.unsupported('garbage collection', offset)
  return reader.malformed(`value type 0x${byte.toString(16)}`, offset)
}
