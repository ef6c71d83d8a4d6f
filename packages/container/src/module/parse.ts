/**
 * @module Reads the sections of a Wasm module, in one pass, and refuses what the FVM refuses of them. Function bodies and data stay ranges of
 * bytes; the transformer reads the former.
 *
 * Source: WebAssembly core specification 2.0, section 5.5; ref-fvm release/v3 fvm/src/engine/mod.rs for what is refused.
 */
import { ContainerError } from '../errors.ts'
import { ByteReader } from './byte-reader.ts'
import type { Dialect } from './dialect.ts'
import { readElements, readGlobals, readGlobalType, skipDataSegments } from './segments.ts'
import { readValueType } from './value-types.ts'
import {
  type ByteRange,
  type ElementSegment,
  type EnvironmentImport,
  type Export,
  ExportKind,
  type FunctionImport,
  type FunctionType,
  type GlobalDefinition,
  type Limits,
  ValueType,
  type WasmModule,
} from './wasm-module.ts'

const NOWHERE: ByteRange = { start: 0, end: 0 }

/** Position of each section in the order that they must have, by id; custom sections (0) may stand anywhere. */
const SECTION_ORDER: readonly number[] = [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 11]

/** Most pages of a memory. */
const MAXIMUM_PAGES = 65_536

/** A module while it is read. */
class Sections {
  types: FunctionType[] = []
  typeBytes = NOWHERE
  imports: FunctionImport[] = []
  importBytes = NOWHERE
  environment: EnvironmentImport[] = []
  hasFunctionSection = false
  functions: number[] = []
  table: Limits | undefined
  memory: Limits | undefined
  globals: GlobalDefinition[] = []
  exports: Export[] = []
  start: number | undefined
  elements: ElementSegment[] = []
  dataCount: number | undefined
  bodies: ByteRange[] = []
  dataSegments = 0
  dataBytes = NOWHERE
  readonly dialect: Dialect
  readonly isLibrary: boolean

  constructor(dialect: Dialect, isLibrary: boolean) {
    this.dialect = dialect
    this.isLibrary = isLibrary
  }
}

/** Whether bytes start like a Wasm module. */
export function isWasm(bytes: Uint8Array): boolean {
  return bytes[0] === 0x00 && bytes[1] === 0x61 && bytes[2] === 0x73 && bytes[3] === 0x6d
}

/**
 * Reads a module. What it does not check is left to the reading of function bodies, and to the engine that compiles them.
 *
 * @param isLibrary whether it may import a memory, a table and globals, and place its data by them
 * @throws {ContainerError} module/malformed, module/unsupported
 */
export function parseModule(bytes: Uint8Array, dialect: Dialect, isLibrary = false): WasmModule {
  const reader = new ByteReader(bytes)
  if (!isWasm(bytes)) reader.malformed('no Wasm magic')
  if (bytes[6] === 1) reader.unsupported('component model', 4)
  if (bytes[4] !== 1 || bytes[5] !== 0 || bytes[6] !== 0 || bytes[7] !== 0)
    reader.malformed('a version other than 1', 4)
  reader.offset = 8
  const sections = new Sections(dialect, isLibrary)
  let last = 0
  while (!reader.done) {
    const start = reader.offset
    const id = reader.byte()
    const content = reader.part()
    if (id === 0) {
      content.name()
      continue
    }
    if (id === 13) reader.unsupported('exceptions', start)
    const order = SECTION_ORDER[id] ?? reader.malformed(`section ${id}`, start)
    if (order <= last) reader.malformed('a section out of order', start)
    last = order
    readSection(sections, id, content)
    if (!content.done) content.malformed('bytes after the section’s content')
  }
  check(sections, reader)
  return { bytes, ...sections }
}

function readSection(sections: Sections, id: number, reader: ByteReader): void {
  switch (id) {
    case 1:
      readTypes(sections, reader)
      return
    case 2:
      readImports(sections, reader)
      return
    case 3:
      readFunctions(sections, reader)
      return
    case 4:
      readTables(sections, reader)
      return
    case 5:
      readMemories(sections, reader)
      return
    case 6:
      readGlobals(reader, sections.functions.length, sections.dialect, sections.globals)
      return
    case 7:
      readExports(sections, reader)
      return
    case 8:
      sections.start = reader.u32()
      return
    case 9:
      sections.elements = readElements(
        reader,
        sections.table !== undefined,
        sections.functions.length,
        sections.dialect,
        sections.globals,
      )
      return
    case 10:
      readBodies(sections, reader)
      return
    case 11:
      sections.dataBytes = { start: reader.offset, end: reader.end }
      sections.dataSegments = skipDataSegments(reader, sections.memory !== undefined, sections.globals)
      return
    default:
      sections.dataCount = reader.u32()
  }
}

function readTypes(sections: Sections, reader: ByteReader): void {
  const count = reader.count(3)
  const start = reader.offset
  for (let i = 0; i < count; i++) {
    const offset = reader.offset
    const form = reader.byte()
    if (form !== 0x60) {
      if (form >= 0x4e && form <= 0x5f) reader.unsupported('garbage collection', offset)
      reader.malformed(`type form 0x${form.toString(16)}`, offset)
    }
    const params = readValueTypes(reader, sections.dialect)
    const resultsOffset = reader.offset
    const results = readValueTypes(reader, sections.dialect)
    if (results.length > 1) reader.unsupported('multi-value', resultsOffset)
    sections.types.push({ params, results })
  }
  sections.typeBytes = { start, end: reader.offset }
}

function readValueTypes(reader: ByteReader, dialect: Dialect): number[] {
  const count = reader.count(1)
  const types: number[] = []
  for (let i = 0; i < count; i++) types.push(readValueType(reader, dialect))
  return types
}

function readImports(sections: Sections, reader: ByteReader): void {
  const count = reader.count(4)
  const start = reader.offset
  for (let i = 0; i < count; i++) {
    const module = reader.name()
    const name = reader.name()
    const offset = reader.offset
    const kind = reader.byte()
    // Nothing but functions can be linked in the reference, so that other imports always fail there too, if later.
    // Differs: in generation 2 a module could import the gas counter itself, and write to it.
    if (kind !== 0) {
      if (sections.isLibrary && kind <= ExportKind.GLOBAL) {
        readEnvironment(sections, reader, { module, name, kind, offset })
        continue
      }
      if (kind > 4) reader.malformed(`import kind ${kind}`, offset)
      reader.unsupported(`import of ${['', 'a table', 'a memory', 'a global', 'a tag'][kind]}`, offset)
    }
    const type = readTypeIndex(sections, reader)
    sections.imports.push({ module, name, type })
    sections.functions.push(type)
  }
  sections.importBytes = { start, end: reader.offset }
}

function readEnvironment(
  sections: Sections,
  reader: ByteReader,
  entry: Pick<EnvironmentImport, 'module' | 'name' | 'kind' | 'offset'>,
): void {
  if (entry.kind === ExportKind.TABLE) {
    if (sections.table !== undefined) reader.unsupported('more than one table', entry.offset)
    readTable(sections, reader)
  } else if (entry.kind === ExportKind.MEMORY) {
    if (sections.memory !== undefined) reader.unsupported('multi-memory', entry.offset)
    sections.memory = readLimits(reader, MAXIMUM_PAGES)
  } else {
    const { head, type, isMutable } = readGlobalType(reader, sections.dialect)
    const init = { start: head.end, end: head.end }
    sections.globals.push({ head, init, functionReference: undefined })
    sections.environment.push({ ...entry, type, isMutable })
    return
  }
  sections.environment.push(entry)
}

function readFunctions(sections: Sections, reader: ByteReader): void {
  sections.hasFunctionSection = true
  const count = reader.count(1)
  for (let i = 0; i < count; i++) sections.functions.push(readTypeIndex(sections, reader))
}

function readTypeIndex(sections: Sections, reader: ByteReader): number {
  const offset = reader.offset
  const type = reader.u32()
  if (type >= sections.types.length) reader.malformed(`unknown type ${type}`, offset)
  return type
}

function readTables(sections: Sections, reader: ByteReader): void {
  const offset = reader.offset
  const count = reader.count(3)
  // Differs: generation 2 takes modules with more tables, although its instrumentation knows no instruction that names them.
  if (count > 1 || (count === 1 && sections.table !== undefined))
    reader.unsupported('more than one table', offset)
  if (count === 1) readTable(sections, reader)
}

function readTable(sections: Sections, reader: ByteReader): void {
  const typeOffset = reader.offset
  const type = reader.byte()
  if (type !== ValueType.FUNCREF) reader.unsupported('a table of anything but functions', typeOffset)
  sections.table = readLimits(reader, 0xffff_ffff)
}

function readMemories(sections: Sections, reader: ByteReader): void {
  const offset = reader.offset
  const count = reader.count(2)
  if (count > 1 || (count === 1 && sections.memory !== undefined)) reader.unsupported('multi-memory', offset)
  if (count === 1) sections.memory = readLimits(reader, MAXIMUM_PAGES)
}

function readLimits(reader: ByteReader, most: number): Limits {
  const offset = reader.offset
  const flags = reader.byte()
  if (flags > 1) {
    if (flags & 0xf0) reader.malformed(`limits 0x${flags.toString(16)}`, offset)
    reader.unsupported(flags & 8 ? 'custom page sizes' : flags & 4 ? 'memory64' : 'threads', offset)
  }
  const minimum = reader.u32()
  const maximum = flags === 1 ? reader.u32() : undefined
  if (minimum > most || (maximum ?? 0) > most) reader.malformed('a size above what is addressable', offset)
  if (maximum !== undefined && maximum < minimum) reader.malformed('a maximum below the minimum', offset)
  return { minimum, maximum }
}

function readExports(sections: Sections, reader: ByteReader): void {
  const count = reader.count(3)
  const names = new Set<string>()
  for (let i = 0; i < count; i++) {
    const nameOffset = reader.offset
    const name = reader.name()
    if (names.has(name)) reader.malformed('a second export of one name', nameOffset)
    names.add(name)
    const offset = reader.offset
    const kind = reader.byte()
    const index = reader.u32()
    if (kind === 4) reader.unsupported('exceptions', offset)
    if (kind > 4) reader.malformed(`export kind ${kind}`, offset)
    if (index >= sizeOf(sections, kind)) reader.malformed('an export of nothing', offset)
    sections.exports.push({ name, kind, index })
  }
}

function sizeOf(sections: Sections, kind: number): number {
  if (kind === ExportKind.FUNCTION) return sections.functions.length
  if (kind === ExportKind.TABLE) return sections.table === undefined ? 0 : 1
  if (kind === ExportKind.MEMORY) return sections.memory === undefined ? 0 : 1
  return sections.globals.length
}

function readBodies(sections: Sections, reader: ByteReader): void {
  const count = reader.count(3)
  for (let i = 0; i < count; i++) {
    const body = reader.part()
    sections.bodies.push({ start: body.offset, end: body.end })
  }
}

function check(sections: Sections, reader: ByteReader): void {
  if (sections.bodies.length !== sections.functions.length - sections.imports.length)
    reader.malformed('another number of bodies than of functions')
  if (sections.dataCount !== undefined && sections.dataCount !== sections.dataSegments)
    reader.malformed('another number of data segments than announced')
  if (sections.start === undefined) return
  const type = sections.types[sections.functions[sections.start] ?? -1]
  if (type === undefined) reader.malformed('an unknown start function')
  if (type.params.length > 0 || type.results.length > 0)
    throw new ContainerError('module/malformed', 'a start function with parameters or a result')
}
