import type { TokenAmount } from '../actor/token-amount.ts'

/** What {@link computeFeeOutputs} works from. Gas is whole gas, 0 to 2^64-1; amounts are attoFIL for one gas. */
export interface FeeInputs {
  readonly gasUsed: bigint
  readonly gasLimit: bigint
  readonly baseFee: TokenAmount
  /** Most that the sender pays for one gas: base fee and tip together. */
  readonly feeCap: TokenAmount
  /** What the sender offers the block's producer for one gas. */
  readonly premium: TokenAmount
}

/** Where the gas payment of a message goes. `baseFeeBurn + overEstimationBurn + minerTip + refund` is `feeCap * gasLimit`. */
export interface FeeOutputs {
  /** Burnt for the gas used. */
  readonly baseFeeBurn: TokenAmount
  /** Burnt for gas that was asked for without need. */
  readonly overEstimationBurn: TokenAmount
  /** What the block's producer is charged for including a message whose fee cap is below the base fee. Not part of the sender's payment. */
  readonly minerPenalty: TokenAmount
  /** What the block's producer receives. Negative where the premium is; the executor refuses to pay that out. */
  readonly minerTip: TokenAmount
  /** What the sender gets back. */
  readonly refund: TokenAmount
  /** Gas beyond `gasUsed` that is paid for because of over-estimation. */
  readonly gasBurned: bigint
  /** Gas that is neither used nor burned. */
  readonly gasRefund: bigint
}

/** Up to 11/10 of the gas used, a limit is no over-estimation. */
const OVERUSE_NUMERATOR = 11n
const OVERUSE_DENOMINATOR = 10n

/**
 * Splits the gas payment of a message. The tip is for the gas *limit*; over-estimation is burnt progressively, wholly from a limit of 2.1
 * times the gas used.
 *
 * Source: ref-fvm release/v3 fvm/src/gas/outputs.rs; release/v2 gives the same wherever no more gas is used than the limit.
 */
export function computeFeeOutputs(inputs: FeeInputs): FeeOutputs {
  const { gasUsed, gasLimit, baseFee, feeCap, premium } = inputs
  const feeToPay = lesser(baseFee, feeCap)
  const tip = lesser(premium, feeCap - feeToPay)
  const { gasBurned, gasRefund } = overEstimation(gasUsed, gasLimit)

  const baseFeeBurn = feeToPay * gasUsed
  const overEstimationBurn = feeToPay * gasBurned
  const minerTip = tip * gasLimit
  return {
    baseFeeBurn,
    overEstimationBurn,
    minerPenalty: (baseFee - feeToPay) * (gasUsed + gasBurned),
    minerTip,
    refund: feeCap * gasLimit - baseFeeBurn - minerTip - overEstimationBurn,
    gasBurned,
    gasRefund,
  }
}

function overEstimation(gasUsed: bigint, gasLimit: bigint): { gasBurned: bigint; gasRefund: bigint } {
  if (gasUsed === 0n) return { gasBurned: gasLimit, gasRefund: 0n }
  const excess = atLeastZero(gasLimit - (OVERUSE_NUMERATOR * gasUsed) / OVERUSE_DENOMINATOR)
  const over = lesser(excess, gasUsed)
  const remaining = atLeastZero(gasLimit - gasUsed)
  const gasBurned = (remaining * over) / gasUsed
  return { gasBurned, gasRefund: remaining - gasBurned }
}

function atLeastZero(value: bigint): bigint {
  return value < 0n ? 0n : value
}

function lesser(a: bigint, b: bigint): bigint {
  if (a < b) return a
  return b
}
