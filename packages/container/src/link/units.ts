/** @module The modules that are linked into one, and what their indices become in it. */
import { ContainerError } from '../errors.ts'
import { ByteReader } from '../module/byte-reader.ts'
import {
  type ByteRange,
  ExportKind,
  type FunctionImport,
  ValueType,
  type WasmModule,
} from '../module/wasm-module.ts'
import type { Libraries } from './collect.ts'
import type { Layout, Place } from './layout.ts'
import { isLibraryImport } from './library.ts'

/** One of the modules, and its place; the actor's own has none. */
export interface Unit {
  readonly module: WasmModule
  readonly place: Place | undefined
  /** What each function becomes. */
  readonly functions: number[]
  /** What each global becomes. */
  readonly globals: number[]
  /** How many types stand before its own, element segments, and data segments. */
  readonly types: number
  readonly elements: number
  readonly data: number
}

/** A function that the linked module imports: module and name as they stand in a module. */
export interface LinkedImport {
  readonly unit: Unit
  readonly names: ByteRange
  readonly type: number
}

/** Name of the global that libraries share with the actor. */
export const STACK_POINTER = '__stack_pointer'

/**
 * The units of an actor and its libraries, the actor's first. Imported functions come first, all others behind them in the order of the units; the actor's
 * globals keep their indices.
 */
export class Units {
  readonly units: readonly Unit[]
  readonly imports: readonly LinkedImport[]
  /** All but those that are imported. */
  readonly functionCount: number
  readonly globalCount: number
  readonly #libraries: Libraries
  readonly #unitOf: ReadonlyMap<WasmModule, Unit>

  /** @throws {ContainerError} module/library where what is imported is not there, or of another type; module/interface where the actor gives no stack pointer */
  constructor(actor: WasmModule, libraries: Libraries, { places }: Layout) {
    this.#libraries = libraries
    const modules = [actor, ...libraries.all.map(({ module }) => module)]
    const sums = { types: 0, elements: 0, data: 0 }
    this.units = modules.map((module, i) => {
      const unit = { module, place: places[i - 1], ...sums, functions: [], globals: [] }
      sums.types += module.types.length
      sums.elements += module.elements.length
      sums.data += module.dataSegments
      return unit
    })
    this.#unitOf = new Map(this.units.map((unit) => [unit.module, unit]))
    this.imports = this.units.flatMap(importsOf)
    this.functionCount = this.#numberFunctions()
    this.globalCount = this.#numberGlobals(actor)
  }

  #numberFunctions(): number {
    let imported = 0
    let defined = this.imports.length
    const firsts = this.units.map(({ module }) => {
      const first = { imported, defined }
      imported += module.imports.filter((entry) => !isLibraryImport(entry)).length
      defined += module.bodies.length
      return first
    })
    // A library stands behind those that it imports, and the actor needs them all.
    for (const i of [...this.units.keys()].slice(1).concat(0)) {
      const { module, functions } = this.units[i] as Unit
      const next = { ...(firsts[i] as (typeof firsts)[number]) }
      for (const entry of module.imports)
        functions.push(isLibraryImport(entry) ? this.#resolve(entry, module) : next.imported++)
      for (let j = 0; j < module.bodies.length; j++) functions.push(next.defined++)
    }
    return defined - this.imports.length
  }

  /** The function of a library, by its index in the linked module. */
  #resolve(entry: FunctionImport, importer: WasmModule): number {
    const { library, index } = this.#libraries.resolve(entry, importer)
    return this.#unitOf.get(library)?.functions[index] as number
  }

  #numberGlobals(actor: WasmModule): number {
    let next = 0
    for (const { module, globals } of this.units) {
      const imported = importedGlobals(module)
      for (let i = 0; i < module.globals.length; i++)
        globals.push(imported[i] === STACK_POINTER ? stackPointerOf(actor) : next++)
    }
    return next
  }
}

/** Names of the globals that a module imports, which are its first ones. */
export function importedGlobals({ environment }: WasmModule): string[] {
  return environment.filter(({ kind }) => kind === ExportKind.GLOBAL).map(({ name }) => name)
}

function stackPointerOf({ bytes, exports, globals }: WasmModule): number {
  const index = exports.find(({ name, kind }) => name === STACK_POINTER && kind === ExportKind.GLOBAL)?.index
  const head = globals[index ?? -1]?.head.start ?? -1
  if (index === undefined || bytes[head] !== ValueType.I32 || bytes[head + 1] !== 1)
    throw new ContainerError('module/interface', `an actor that does not export its ${STACK_POINTER}`)
  return index
}

/** The functions that a module imports from no library. */
function importsOf(unit: Unit): LinkedImport[] {
  const { bytes, importBytes, imports } = unit.module
  const reader = new ByteReader(bytes, importBytes.start, importBytes.end)
  const found: LinkedImport[] = []
  for (const entry of imports) {
    let names = readNames(reader)
    for (let kind = reader.byte(); kind !== ExportKind.FUNCTION; kind = reader.byte()) {
      skipEnvironment(reader, kind)
      names = readNames(reader)
    }
    const type = reader.u32() + unit.types
    if (!isLibraryImport(entry)) found.push({ unit, names, type })
  }
  return found
}

function readNames(reader: ByteReader): ByteRange {
  const start = reader.offset
  reader.part()
  reader.part()
  return { start, end: reader.offset }
}

function skipEnvironment(reader: ByteReader, kind: number): void {
  if (kind !== ExportKind.MEMORY) reader.byte()
  const flags = reader.byte()
  if (kind === ExportKind.GLOBAL) return
  reader.u32()
  if (flags === 1) reader.u32()
}
