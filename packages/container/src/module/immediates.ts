/** @module Reads what follows opcodes, and refuses what the FVM refuses of it. */
import type { ByteReader } from './byte-reader.ts'
import type { Dialect } from './dialect.ts'
import { featureOf, Op } from './opcodes.ts'
import { readValueType } from './value-types.ts'
import type { WasmModule } from './wasm-module.ts'

/** The last of the SIMD instructions behind their prefix; relaxed SIMD follows. */
const LAST_SIMD = 0xff

/** Number of results of a block. @throws {ContainerError} module/malformed, module/unsupported */
export function readBlockResults(reader: ByteReader, dialect: Dialect): number {
  return readBlockType(reader, dialect) === undefined ? 0 : 1
}

/** Type of a block's result, if it has one. @throws {ContainerError} module/malformed, module/unsupported */
export function readBlockType(reader: ByteReader, dialect: Pick<Dialect, 'extended'>): number | undefined {
  const offset = reader.offset
  const byte = reader.byte()
  if (byte === 0x40) return undefined
  // A type index is a signed LEB128 that is not negative; value types are the one-byte negative ones.
  if (byte >= 0x80 || (byte & 0x40) === 0) reader.unsupported('multi-value', offset)
  reader.offset = offset
  return readValueType(reader, dialect)
}

/** Passes over alignment and offset of a memory access. @throws {ContainerError} module/malformed, module/unsupported */
export function readMemoryArgument(reader: ByteReader, module: WasmModule): void {
  if (module.memory === undefined) reader.malformed('no memory')
  const offset = reader.offset
  const alignment = reader.u32()
  // Bit 6 would announce the index of a memory.
  if (alignment >= 64) reader.unsupported('multi-memory', offset)
  if (alignment >= 32) reader.malformed('alignment', offset)
  reader.u32()
}

/** Passes over the index of a memory, a zero byte. @throws {ContainerError} module/malformed, module/unsupported */
export function readMemoryIndex(reader: ByteReader, module: WasmModule): void {
  if (module.memory === undefined) reader.malformed('no memory')
  const offset = reader.offset
  if (reader.byte() !== 0) reader.unsupported('multi-memory', offset)
}

/** Passes over the index of the only table. @throws {ContainerError} module/malformed, module/unsupported */
export function readTableIndex(reader: ByteReader, module: WasmModule, dialect: Dialect): void {
  const offset = reader.offset
  if (module.table === undefined) reader.malformed('unknown table', offset)
  const index = readSmall(reader, dialect)
  // A zero that is written longer is valid, but the older instrumentation does not read it as zero.
  if (!dialect.extended && index >= 0x80) reader.unsupported('padded table index', offset)
  if (index !== 0) reader.malformed('unknown table', offset)
}

/** A small number that older instrumentation takes for a byte, and newer for a LEB128. @throws {ContainerError} module/malformed */
export function readSmall(reader: ByteReader, dialect: Dialect): number {
  return dialect.extended ? reader.u32() : reader.byte()
}

/**
 * Refuses an instruction behind {@link Op.PREFIX}.
 * @param offset of the prefix
 * @throws {ContainerError} module/unsupported where it is a known one, otherwise module/malformed
 */
export function refusePrefixed(reader: ByteReader, opcode: number, offset: number): never {
  if (opcode === 18) reader.unsupported('memory control', offset)
  if (opcode > 18 && opcode <= 22) reader.unsupported('wide arithmetic', offset)
  return reader.malformed(`instruction 0xfc ${opcode}`, offset)
}

/** Refuses the opcode that has just been read. @throws {ContainerError} module/unsupported where it is a known one, otherwise module/malformed */
export function refuseOpcode(reader: ByteReader, opcode: number): never {
  const offset = reader.offset - 1
  const feature = opcode === Op.SIMD_PREFIX && reader.u32() > LAST_SIMD ? 'relaxed SIMD' : featureOf(opcode)
  if (feature !== undefined) reader.unsupported(feature, offset)
  return reader.malformed(`opcode 0x${opcode.toString(16)}`, offset)
}
