/**
 * @module How much an epoch mints: a simple part that halves every six years, and a part by how much storage the network has had, against a
 * baseline that doubles every year.
 *
 * Source: builtin-actors v18 actors/reward/src/logic.rs.
 */
import { ATTO_PER_FIL, type TokenAmount } from '@troupe/hypervisor'
import { negativeExponential } from './exponential.ts'
import { divideFloor, PRECISION } from './fixed-point.ts'

/** By how much the baseline grows in an epoch; fixed-point. */
const BASELINE_EXPONENT = 340282591298641078465964189926313473653n
/** Bytes of storage that the baseline starts with. */
export const BASELINE_INITIAL_VALUE = 2_888_888_880_000_000_000n
/** The baseline one epoch before its start. */
export const INITIAL_BASELINE_POWER: bigint =
  ((BASELINE_INITIAL_VALUE << (2n * PRECISION)) / BASELINE_EXPONENT) >> PRECISION
/** All that the simple part ever mints. */
export const SIMPLE_TOTAL: TokenAmount = 330_000_000n * ATTO_PER_FIL
/** All that the baseline part ever mints. */
export const BASELINE_TOTAL: TokenAmount = 770_000_000n * ATTO_PER_FIL
/** e to the power of lambda, minus one; fixed-point. */
const EXP_LAMBDA_MINUS_ONE = 37396273494747879394193016954629n
/** ln 2 by the epochs of six years; fixed-point. */
const LAMBDA = 37396271439864487274534522888786n

/** The baseline in the epoch after one in which it was `power`. */
export function nextBaselinePower(power: bigint): bigint {
  return (power * BASELINE_EXPONENT) >> PRECISION
}

/**
 * The effective network time, fixed-point: where, between the ceiling of it and the epoch before, the baseline's sum meets the realised one.
 * @throws {DivisionByZero}
 */
export function computeTheta(
  effectiveTime: bigint,
  effectivePower: bigint,
  realised: bigint,
  baseline: bigint,
): bigint {
  if (effectiveTime === 0n) return 0n
  return (effectiveTime << PRECISION) - divideFloor((baseline - realised) << PRECISION, effectivePower)
}

/** What an epoch mints, while the effective time goes from one theta to the next. @throws {DivisionByZero} */
export function computeReward(
  epoch: bigint,
  previousTheta: bigint,
  theta: bigint,
  simpleTotal: TokenAmount,
  baselineTotal: TokenAmount,
): TokenAmount {
  const simple = (simpleTotal * EXP_LAMBDA_MINUS_ONE * negativeExponential(LAMBDA * epoch)) >> PRECISION
  const baseline = baselineSupply(theta, baselineTotal) - baselineSupply(previousTheta, baselineTotal)
  return (simple + baseline) >> PRECISION
}

/** What the baseline part has minted up to a theta; fixed-point. */
function baselineSupply(theta: bigint, baselineTotal: TokenAmount): bigint {
  return ((1n << PRECISION) - negativeExponential((theta * LAMBDA) >> PRECISION)) * baselineTotal
}
