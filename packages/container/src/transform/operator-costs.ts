import type { WasmPrices } from '@troupe/hypervisor'
import { ContainerError } from '../errors.ts'
import { Op } from '../module/opcodes.ts'

/** An amount of milligas: a number where that is exact, otherwise a bigint below 2^64. */
export type Cost = number | bigint

const MAX_COST = 0xffff_ffff_ffff_ffffn

/**
 * The sum of two costs.
 * @throws {ContainerError} module/not-instrumentable where it is 2^64 or more, as the reference fails to count there too
 */
export function addCosts(a: Cost, b: Cost): Cost {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b
    if (sum <= Number.MAX_SAFE_INTEGER) return sum
  }
  const sum = BigInt(a) + BigInt(b)
  if (sum > MAX_COST)
    throw new ContainerError('module/not-instrumentable', 'a block costs 2^64 milligas or more')
  return sum
}

/** Prices by opcode, made from a price list. */
export interface OperatorCosts {
  /** Milligas of each one-byte opcode; entry 0xfc stands for all prefixed ones. */
  readonly fixed: Readonly<Float64Array>
  /** What the reference's stack limiter adds to a call: its twelve instructions that have a price. */
  readonly limiter: number
  /** Milligas for each unit of the last operand, 0 for instructions that are not priced by it. */
  readonly growPage: number
  readonly bulkByte: number
  readonly tableElement: number
}

/** Instructions that surround a call in the reference: count up, compare, trap; and count down. */
const LIMITER: readonly number[] = [
  Op.GLOBAL_GET,
  Op.I32_CONST,
  Op.I32_ADD,
  Op.GLOBAL_SET,
  Op.GLOBAL_GET,
  Op.I32_CONST,
  Op.I32_GT_U,
  Op.IF,
  Op.UNREACHABLE,
  Op.END,
  Op.GLOBAL_GET,
  Op.I32_CONST,
  Op.I32_SUB,
  Op.GLOBAL_SET,
]

/** Greatest price of a unit: its product with 32 bits stays so far below 2^63 that the gas counter cannot wrap. */
const MAX_UNIT = 2 ** 30

/** Prepares a price list for looking up prices by opcode. */
export function operatorCosts(prices: WasmPrices): OperatorCosts {
  const fixed = new Float64Array(256).fill(prices.base)
  for (const opcode of Object.values(prices.zeroCostOps)) fixed[opcode] = 0
  const { grow = 0, copyFillInit = 0, table = 0 } = prices.linear ?? {}
  for (const unit of [grow, copyFillInit, table])
    if (unit < 0 || unit >= MAX_UNIT)
      throw new RangeError(`${unit} milligas for a unit are outside 0 to 2^30`)
  return {
    fixed,
    limiter: LIMITER.reduce((sum, opcode) => sum + (fixed[opcode] as number), 0),
    growPage: grow,
    bulkByte: copyFillInit,
    tableElement: table,
  }
}
