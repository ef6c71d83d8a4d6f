import { dialectOf } from '../module/dialect.ts'
import type { WasmModule } from '../module/wasm-module.ts'
import { FunctionScan } from './function-scan.ts'
import { Insertion } from './insertions.ts'
import { type Cost, operatorCosts } from './operator-costs.ts'
import { thunkCost, thunkedFunctions } from './thunks.ts'
import { checkInstrumentable, type TransformRules } from './transform.ts'

/** What metering makes of a module, in numbers. Thunks are counted in, the function that counts gas is not. */
export interface ModuleAnalysis {
  /** Blocks that are charged for when they begin. */
  readonly meteredBlocks: number
  /** Sum of what they cost, in milligas. */
  readonly blockCosts: number
  readonly largestBlock: number
  /** Instructions that are charged by their last operand. */
  readonly dynamicCharges: number
  readonly thunks: number
  /** Greatest stack cost of a function. */
  readonly maximumStackCost: number
  /** Sum of the stack costs of all functions but thunks. */
  readonly stackCosts: number
  /** Each function's stack cost and metered blocks, for comparing with another implementation. */
  readonly functions: readonly FunctionAnalysis[]
}

/** What metering makes of one function. */
export interface FunctionAnalysis {
  readonly stackCost: number
  /** Offset in the module, and milligas, of each metered block. */
  readonly blocks: readonly (readonly [offset: number, cost: Cost])[]
  /** Offset in the module, and milligas for a unit, of each instruction that is charged by its last operand. */
  readonly dynamic: readonly (readonly [offset: number, unit: number])[]
}

/**
 * Computes what the reference's instrumentation would charge where.
 * @throws {ContainerError} module/malformed, module/unsupported, module/not-instrumentable
 */
export function analyse(module: WasmModule, rules: TransformRules): ModuleAnalysis {
  checkInstrumentable(module, rules)
  const costs = operatorCosts(rules.prices)
  const scan = new FunctionScan(module, dialectOf(rules.wasm), costs)
  const functions = module.bodies.map((_, i): FunctionAnalysis => {
    scan.scan(i)
    const { kinds, offsets, operands, costs, length } = scan.insertions
    const places = Array.from({ length }, (_, place) => place)
    return {
      stackCost: scan.stackCost(),
      blocks: places
        .filter((place) => kinds[place] === Insertion.BLOCK && costs[place] !== 0)
        .map((place) => [offsets[place] as number, costs[place] as Cost]),
      dynamic: places
        .filter((place) => kinds[place] === Insertion.DYNAMIC)
        .map((place) => [offsets[place] as number, operands[place] as number]),
    }
  })
  const thunks = thunkedFunctions(module)
  const blocks = functions
    .flatMap((entry) => entry.blocks.map(([, cost]) => Number(cost)))
    .concat(thunks.map((index) => thunkCost(module, index, costs)).filter((cost) => cost > 0))
  const stackCosts = functions.map((entry) => entry.stackCost)
  return {
    meteredBlocks: blocks.length,
    blockCosts: blocks.reduce((sum, cost) => sum + cost, 0),
    largestBlock: blocks.reduce((most, cost) => Math.max(most, cost), 0),
    dynamicCharges: functions.reduce((sum, entry) => sum + entry.dynamic.length, 0),
    thunks: thunks.length,
    maximumStackCost: stackCosts.reduce((most, cost) => Math.max(most, cost), 0),
    stackCosts: stackCosts.reduce((sum, cost) => sum + cost, 0),
    functions,
  }
}
