import type { ValueCodec } from '@troupe/ipld'
import { bigIntCodec, tupleCodec } from '@troupe/runtime-native'
import { divideFloor, PRECISION } from './fixed-point.ts'

/** A smoothed quantity: fixed-point. */
export interface FilterEstimate {
  position: bigint
  /** Change by epoch. */
  velocity: bigint
}

/** Shape: `[position, velocity]`. */
export const filterEstimateCodec: ValueCodec<FilterEstimate> = tupleCodec({
  position: bigIntCodec,
  velocity: bigIntCodec,
})

const ALPHA = 314760000000000000000000000000000000n
const BETA = 96640100000000000000000000000000n

/**
 * The estimate after an observation: an alpha-beta filter.
 *
 * Source: builtin-actors v18 runtime/src/builtin/reward/smooth/{alpha_beta_filter,smooth_func}.rs.
 * @param observation an integer
 * @param epochs since the last one
 * @throws {DivisionByZero} for no epochs
 */
export function nextEstimate(before: FilterEstimate, observation: bigint, epochs: bigint): FilterEstimate {
  const time = epochs << PRECISION
  const expected = ((time * before.velocity) >> PRECISION) + before.position
  const residual = (observation << PRECISION) - expected
  return {
    position: expected + ((ALPHA * residual) >> PRECISION),
    velocity: divideFloor(residual * BETA, time) + before.velocity,
  }
}

/** The estimate of an integer. */
export function estimate(position: bigint, velocity: bigint): FilterEstimate {
  return { position: position << PRECISION, velocity: velocity << PRECISION }
}
