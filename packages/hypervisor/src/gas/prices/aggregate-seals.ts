/**
 * @module Prices of aggregated seal proofs: so much a proof, and steps by their number.
 *
 * Source: ref-fvm release/v2, release/v3 and master, fvm/src/gas/price_list.rs.
 */
import { gas, saturate } from './price-list.ts'

/** Prices of one kind of proof, in gas. */
interface SealPrices {
  readonly perProof: number
  /** From how many proofs on it costs how much more; ascending. */
  readonly steps: readonly (readonly [from: number, cost: number])[]
}

/** Prices by the number of the registered seal proof. Kinds that have none cost what StackedDRG32GiBV1P1 does. */
export type AggregateSealPrices = ReadonlyMap<bigint, SealPrices>

const INTERACTIVE_32_GIB: SealPrices = {
  perProof: 449_900,
  steps: [
    [4, 103_994_170],
    [7, 112_356_810],
    [13, 122_912_610],
    [26, 137_559_930],
    [52, 162_039_100],
    [103, 210_960_780],
    [205, 318_351_180],
    [410, 528_274_980],
  ],
}

const INTERACTIVE_64_GIB: SealPrices = {
  perProof: 359_272,
  steps: [
    [4, 102_581_240],
    [7, 110_803_030],
    [13, 120_803_700],
    [26, 134_642_130],
    [52, 157_357_890],
    [103, 203_017_690],
    [205, 304_253_590],
    [410, 509_880_640],
  ],
}

/** What one proof without interaction counts for, in challenges. */
const NON_INTERACTIVE_CHALLENGES = 126

const NON_INTERACTIVE_32_GIB: SealPrices = {
  perProof: 44_990 * NON_INTERACTIVE_CHALLENGES,
  steps: [
    [1, 112_356_810],
    [2, 122_912_610],
    [3, 137_559_930],
    [5, 162_039_100],
    [9, 210_960_780],
    [17, 318_351_180],
    [33, 528_274_980],
  ],
}

const NON_INTERACTIVE_64_GIB: SealPrices = {
  perProof: 35_928 * NON_INTERACTIVE_CHALLENGES,
  steps: [
    [1, 110_803_030],
    [2, 120_803_700],
    [3, 134_642_130],
    [5, 157_357_890],
    [9, 203_017_690],
    [17, 304_253_590],
    [33, 509_880_640],
  ],
}

/** StackedDRG64GiBV1P1. */
const SEAL_PROOF_64_GIB = 9n
/** StackedDRG32GiBV1P2_Feat_NiPoRep and its sibling of 64 GiB. */
const SEAL_PROOF_32_GIB_NON_INTERACTIVE = 18n
const SEAL_PROOF_64_GIB_NON_INTERACTIVE = 19n

/** Prices up to network version 24. */
export const INTERACTIVE_SEALS: AggregateSealPrices = new Map([[SEAL_PROOF_64_GIB, INTERACTIVE_64_GIB]])

/** Prices from network version 25 on: proofs without interaction have their own. */
export const NON_INTERACTIVE_SEALS: AggregateSealPrices = new Map([
  ...INTERACTIVE_SEALS,
  [SEAL_PROOF_32_GIB_NON_INTERACTIVE, NON_INTERACTIVE_32_GIB],
  [SEAL_PROOF_64_GIB_NON_INTERACTIVE, NON_INTERACTIVE_64_GIB],
])

/** What it costs to verify `count` aggregated seals, in milligas. */
export function aggregateSealsPrice(
  prices: AggregateSealPrices,
): (sealProof: bigint, count: number) => number {
  return (sealProof, count) => {
    const { perProof, steps } = prices.get(sealProof) ?? INTERACTIVE_32_GIB
    const step = steps.findLast(([from]) => from <= count)
    return saturate(gas(perProof * count + (step?.[1] ?? 0)))
  }
}
