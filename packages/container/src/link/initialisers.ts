import { ExportKind, typeOfFunction, type WasmModule } from '../module/wasm-module.ts'
import type { Unit } from './units.ts'

/** Exports of a library that are called in this order, behind its start function. */
const INITIALISERS: readonly string[] = ['__wasm_apply_data_relocs', '__wasm_call_ctors']

/**
 * The functions that initialise the libraries, in their order, and then the actor's start function; by their indices in the linked module. Where no library
 * needs any, it is the start function alone, if there is one.
 */
export function initialisers(units: readonly Unit[]): number[] {
  const [actor, ...libraries] = units as readonly [Unit, ...Unit[]]
  const start = ({ module, functions }: Unit): number[] =>
    module.start === undefined ? [] : [functions[module.start] as number]
  const exported = ({ module, functions }: Unit): number[] =>
    INITIALISERS.flatMap((name) => exportedFunction(module, name) ?? []).map(
      (index) => functions[index] as number,
    )
  return [...libraries.flatMap((library) => [...start(library), ...exported(library)]), ...start(actor)]
}

/** A function that takes and gives nothing. */
function exportedFunction(module: WasmModule, name: string): number | undefined {
  const index = module.exports.find(
    (entry) => entry.name === name && entry.kind === ExportKind.FUNCTION,
  )?.index
  if (index === undefined) return undefined
  const { params, results } = typeOfFunction(module, index)
  return params.length === 0 && results.length === 0 ? index : undefined
}
