import { Op } from '../module/opcodes.ts'
import { ExportKind, typeOfFunction, type WasmModule } from '../module/wasm-module.ts'
import type { OperatorCosts } from './operator-costs.ts'

/**
 * The functions that the reference reaches by a thunk where they are not called directly: those that are exported, stand in an element segment,
 * or are the start function. Ascending; imported functions have none.
 *
 * Source: fvm-wasm-instrument 0.2.0 and 0.4.0 src/stack_limiter/thunk.rs.
 */
export function thunkedFunctions(module: WasmModule): number[] {
  const indices = new Set<number>()
  for (const { kind, index } of module.exports) if (kind === ExportKind.FUNCTION) indices.add(index)
  for (const { functions } of module.elements) for (const index of functions) indices.add(index)
  if (module.start !== undefined) indices.add(module.start)
  return [...indices].filter((index) => index >= module.imports.length).sort((a, b) => a - b)
}

/** What a thunk's only metered block costs: its parameters, and the call with the stack limiter around it. */
export function thunkCost(module: WasmModule, index: number, costs: OperatorCosts): number {
  const parameters = typeOfFunction(module, index).params.length
  return parameters * (costs.fixed[Op.LOCAL_GET] as number) + (costs.fixed[Op.CALL] as number) + costs.limiter
}
