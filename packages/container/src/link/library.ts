/** @module A library: what actors, and other libraries, import functions of by its code CID. */
import { type Cid, IpldError, parseCid } from '@troupe/ipld'
import { ContainerError } from '../errors.ts'
import type { Dialect } from '../module/dialect.ts'
import { parseModule } from '../module/parse.ts'
import {
  type EnvironmentImport,
  ExportKind,
  type FunctionImport,
  ValueType,
  type WasmModule,
} from '../module/wasm-module.ts'
import { type Dylink, readDylink } from './dylink.ts'

/** A library that has been read. */
export interface Library {
  readonly module: WasmModule
  readonly dylink: Dylink
}

/** What stands before the code CID in the module name of an import. */
const PREFIX = 'lib:'

/** Names in the module `env` that a library may import, and whether they are what they have to be. */
const ENVIRONMENT: ReadonlyMap<string, (entry: EnvironmentImport) => boolean> = new Map([
  ['memory', ({ kind }) => kind === ExportKind.MEMORY],
  ['__indirect_function_table', ({ kind }) => kind === ExportKind.TABLE],
  ['__memory_base', isBase],
  ['__table_base', isBase],
  ['__stack_pointer', ({ type, isMutable }) => type === ValueType.I32 && isMutable === true],
])

function isBase({ type, isMutable }: EnvironmentImport): boolean {
  return type === ValueType.I32 && isMutable === false
}

/** Whether a module imports functions of libraries. */
export function importsLibraries(module: WasmModule): boolean {
  return module.imports.some(isLibraryImport)
}

/** Whether a function is imported from a library. */
export function isLibraryImport({ module }: FunctionImport): boolean {
  return module.startsWith(PREFIX)
}

/** The library that a function is imported from. @throws {ContainerError} module/library where its name is no CID, or not the usual text of one */
export function libraryOf({ module }: FunctionImport): Cid {
  const text = module.slice(PREFIX.length)
  try {
    const cid = parseCid(text)
    if (cid.toString() === text) return cid
  } catch (error) {
    if (!(error instanceof IpldError)) throw error
  }
  throw new ContainerError('module/library', `an import of ${module}, which is no CID`)
}

/**
 * Reads a library.
 * @throws {ContainerError} module/malformed, module/unsupported, module/limit; module/library where it is none, or wants what actors do not give
 */
export function readLibrary(bytes: Uint8Array, dialect: Dialect): Library {
  const dylink = readDylink(bytes)
  const module = parseModule(bytes, dialect, true)
  const has = (kind: number): boolean => module.environment.some((entry) => entry.kind === kind)
  const names = new Set<string>()
  for (const entry of module.environment) {
    const isKnown = entry.module === 'env' && ENVIRONMENT.get(entry.name)?.(entry) === true
    if (!isKnown || names.has(entry.name))
      throw new ContainerError('module/library', `an import of ${entry.module}.${entry.name}`, {
        offset: entry.offset,
      })
    names.add(entry.name)
  }
  if (module.memory !== undefined && !has(ExportKind.MEMORY))
    throw new ContainerError('module/library', 'a library with a memory of its own')
  if (module.table !== undefined && !has(ExportKind.TABLE))
    throw new ContainerError('module/library', 'a library with a table of its own')
  return { module, dylink }
}
