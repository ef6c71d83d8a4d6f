/**
 * @module The bounds that a module must keep whatever its features: how many items it may have, and how large.
 *
 * Source: wasmparser 0.236.1 src/limits.rs and src/validator.rs, which is what wasmtime 36 validates with. It bounds neither the size of a
 * function nor that of a module.
 */
import type { UserActorRules } from '@troupe/hypervisor'
import { ContainerError } from '../errors.ts'
import { ExportKind, type FunctionType, typeOfFunction, type WasmModule } from '../module/wasm-module.ts'

/** Most types, functions, imports, exports or globals of a module, each. Functions count with those that are imported. */
const MAXIMUM_ITEMS = 1_000_000
/** Most element segments, and most data segments. */
const MAXIMUM_SEGMENTS = 100_000
/** Most functions in one element segment. */
const MAXIMUM_SEGMENT_ELEMENTS = 10_000_000
/** Most parameters of a function type. */
const MAXIMUM_PARAMETERS = 1000
/**
 * The size of what is imported and exported stays below this: one, and two for each function and one for each of its parameters and results, and
 * one for everything else.
 */
const INTERFACE_SIZE_BOUND = 1_000_000
/** Bounds of a function body. */
export interface BodyBounds {
  /** Most locals of a function, with its parameters. */
  readonly maximumLocals: number
  /** Most labels of a `br_table`, the default not counted. */
  readonly maximumBranches: number
}

/** Most locals of a function, with its parameters. */
export const MAXIMUM_LOCALS = 50_000

/** The bounds that every module keeps. */
export const BODY_BOUNDS: BodyBounds = { maximumLocals: MAXIMUM_LOCALS, maximumBranches: 131_072 }

/** Refuses a module of a user that has more or larger functions than the rules allow. @throws {ContainerError} module/limit */
export function checkUserLimits({ functions, bodies }: WasmModule, bounds: UserActorRules): void {
  atMost(functions.length, bounds.maximumFunctions, 'functions')
  for (const { start, end } of bodies)
    if (end - start > bounds.maximumFunctionSize)
      throw new ContainerError(
        'module/limit',
        `a function of more than ${bounds.maximumFunctionSize} bytes`,
        { offset: start },
      )
}

/** Refuses a module that has too much of something. @throws {ContainerError} module/limit */
export function checkLimits(module: WasmModule): void {
  atMost(module.types.length, MAXIMUM_ITEMS, 'types')
  atMost(module.imports.length, MAXIMUM_ITEMS, 'imports')
  atMost(module.functions.length, MAXIMUM_ITEMS, 'functions')
  atMost(module.globals.length, MAXIMUM_ITEMS, 'globals')
  atMost(module.exports.length, MAXIMUM_ITEMS, 'exports')
  atMost(module.elements.length, MAXIMUM_SEGMENTS, 'element segments')
  atMost(module.dataCount ?? 0, MAXIMUM_SEGMENTS, 'announced data segments')
  atMost(module.dataSegments, MAXIMUM_SEGMENTS, 'data segments')
  for (const { params } of module.types) atMost(params.length, MAXIMUM_PARAMETERS, 'parameters')
  for (const { functions } of module.elements)
    atMost(functions.length, MAXIMUM_SEGMENT_ELEMENTS, 'elements of a segment')
  atMost(interfaceSize(module), INTERFACE_SIZE_BOUND - 1, 'imports and exports by their size')
}

function interfaceSize(module: WasmModule): number {
  let size = 1
  for (const { type } of module.imports) size += sizeOf(module.types[type] as FunctionType)
  for (const { kind, index } of module.exports)
    size += kind === ExportKind.FUNCTION ? sizeOf(typeOfFunction(module, index)) : 1
  return size
}

function sizeOf({ params, results }: FunctionType): number {
  return 2 + params.length + results.length
}

function atMost(count: number, most: number, what: string): void {
  if (count > most) throw new ContainerError('module/limit', `more than ${most} ${what}`)
}
