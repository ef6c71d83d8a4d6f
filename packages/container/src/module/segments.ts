/** @module Globals, element segments and data segments of a Wasm module. */
import type { ByteReader } from './byte-reader.ts'
import type { Dialect } from './dialect.ts'
import { readValueType } from './value-types.ts'
import { type ByteRange, type ElementSegment, type GlobalDefinition, ValueType } from './wasm-module.ts'

const END = 0x0b
const I32_CONST = 0x41
const I64_CONST = 0x42
const F32_CONST = 0x43
const F64_CONST = 0x44
const GLOBAL_GET = 0x23
const REF_NULL = 0xd0
const REF_FUNC = 0xd2

/** Reads type and mutability of a global. @throws {ContainerError} module/malformed, module/unsupported */
export function readGlobalType(
  reader: ByteReader,
  dialect: Dialect,
): { head: ByteRange; type: number; isMutable: boolean } {
  const start = reader.offset
  const type = readValueType(reader, dialect)
  const mutability = reader.byte()
  if (mutability > 1) {
    if (mutability <= 3) reader.unsupported('threads', reader.offset - 1)
    reader.malformed(`mutability ${mutability}`, reader.offset - 1)
  }
  return { head: { start, end: reader.offset }, type, isMutable: mutability === 1 }
}

/**
 * Reads the globals.
 * @param globals those that are imported; the others are added
 * @throws {ContainerError} module/malformed, module/unsupported
 */
export function readGlobals(
  reader: ByteReader,
  functions: number,
  dialect: Dialect,
  globals: GlobalDefinition[],
): void {
  const count = reader.count(4)
  const imported = globals.slice()
  for (let i = 0; i < count; i++) {
    const { head, type } = readGlobalType(reader, dialect)
    const functionReference = readConstant(reader, type, functions, dialect, imported)
    globals.push({ head, init: { start: head.end, end: reader.offset }, functionReference })
  }
}

/**
 * Passes over a constant expression: one constant instruction and `end`. `global.get` can only name a global that is imported and never set, of which only
 * libraries have any.
 * @returns the function of `ref.func`
 */
function readConstant(
  reader: ByteReader,
  type: number,
  functions: number,
  dialect: Dialect,
  globals: readonly GlobalDefinition[],
): number | undefined {
  const offset = reader.offset
  const opcode = reader.byte()
  let functionReference: number | undefined
  if (opcode === I32_CONST && type === ValueType.I32) reader.s32()
  else if (opcode === I64_CONST && type === ValueType.I64) reader.skipS64()
  else if (opcode === F32_CONST && type === ValueType.F32) reader.skip(4)
  else if (opcode === F64_CONST && type === ValueType.F64) reader.skip(8)
  else if (opcode === REF_NULL && type === ValueType.FUNCREF && dialect.extended) {
    if (reader.byte() !== ValueType.FUNCREF) reader.malformed('a null of another type', offset)
  } else if (opcode === REF_FUNC && type === ValueType.FUNCREF && dialect.extended) {
    functionReference = readFunctionIndex(reader, functions)
  } else if (opcode === GLOBAL_GET) {
    readGlobalConstant(reader, type, globals, offset)
  } else {
    reader.malformed('no constant of the right type', offset)
  }
  if (reader.byte() !== END) reader.unsupported('extended constants', reader.offset - 1)
  return functionReference
}

function readGlobalConstant(
  reader: ByteReader,
  type: number,
  globals: readonly GlobalDefinition[],
  offset: number,
): void {
  const global = globals[reader.u32()]
  if (global === undefined || !isImported(global))
    reader.unsupported('a constant that reads a global', offset)
  if (reader.bytes[global.head.start] !== type || reader.bytes[global.head.start + 1] !== 0)
    reader.malformed('no constant of the right type', offset)
}

function isImported(global: GlobalDefinition | undefined): boolean {
  return global !== undefined && global.init.end === global.init.start
}

function readFunctionIndex(reader: ByteReader, functions: number): number {
  const offset = reader.offset
  const index = reader.u32()
  if (index >= functions) reader.malformed(`unknown function ${index}`, offset)
  return index
}

/** Reads the element segments. @throws {ContainerError} module/malformed, module/unsupported */
export function readElements(
  reader: ByteReader,
  hasTable: boolean,
  functions: number,
  dialect: Dialect,
  globals: readonly GlobalDefinition[],
): ElementSegment[] {
  const count = reader.count(2)
  const segments: ElementSegment[] = []
  for (let i = 0; i < count; i++) {
    const start = reader.offset
    const flags = reader.u32()
    if (flags > 7) reader.malformed(`element segment of kind ${flags}`, start)
    if (flags > 0 && !dialect.extended) reader.unsupported(`element segment of kind ${flags}`, start)
    const active = (flags & 1) === 0
    if (active) {
      if ((flags & 2) !== 0 && reader.u32() !== 0) reader.malformed('unknown table', start)
      if (!hasTable) reader.malformed('elements without a table', start)
      readConstant(reader, ValueType.I32, functions, dialect, globals)
    }
    const expressions = (flags & 4) !== 0
    if ((flags & 3) !== 0) {
      const kind = reader.byte()
      if (kind !== (expressions ? ValueType.FUNCREF : 0)) reader.unsupported('elements that are no functions')
    }
    const head: ByteRange = { start, end: reader.offset }
    const items = reader.count(1)
    // The reference's gas metering accepts a segment of expressions only where there are none.
    if (expressions && items > 0) reader.unsupported('element expressions')
    const indices: number[] = []
    for (let j = 0; j < items; j++) indices.push(readFunctionIndex(reader, functions))
    segments.push({ head, functions: indices })
  }
  return segments
}

/**
 * Passes over the data segments.
 * @returns how many there are
 * @throws {ContainerError} module/malformed, module/unsupported
 */
export function skipDataSegments(
  reader: ByteReader,
  hasMemory: boolean,
  globals: readonly GlobalDefinition[],
): number {
  const count = reader.count(2)
  for (let i = 0; i < count; i++) {
    const start = reader.offset
    const flags = reader.u32()
    if (flags > 2) reader.malformed(`data segment of kind ${flags}`, start)
    if (flags === 2 && reader.u32() !== 0) reader.unsupported('multi-memory', start)
    if (flags !== 1) {
      if (!hasMemory) reader.malformed('data without a memory', start)
      const offset = reader.offset
      const opcode = reader.byte()
      if (opcode === GLOBAL_GET && isImported(globals[0]))
        readGlobalConstant(reader, ValueType.I32, globals, offset)
      else if (opcode === I32_CONST) reader.s32()
      else reader.unsupported('a data offset that is no i32.const', offset)
      if (reader.byte() !== END) reader.unsupported('extended constants', reader.offset - 1)
    }
    reader.skip(reader.u32())
  }
  return count
}
