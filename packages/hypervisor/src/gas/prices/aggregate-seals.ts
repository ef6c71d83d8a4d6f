/**
 * @module Prices of aggregated seal proofs: so much a proof, and steps by their number.
 *
 * Source: ref-fvm release/v2 and release/v3 fvm/src/gas/price_list.rs; the same in all price lists.
 */
import { gas, saturate } from './price-list.ts'

/** Prices of one kind of proof, in gas. */
interface AggregateSealPrices {
  readonly perProof: number
  /** From how many proofs on it costs how much more; ascending. */
  readonly steps: readonly (readonly [from: number, cost: number])[]
}

const SECTORS_32_GIB: AggregateSealPrices = {
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

const SECTORS_64_GIB: AggregateSealPrices = {
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

/** StackedDRG64GiBV1P1. Every other kind of proof costs what StackedDRG32GiBV1P1 does. */
const SEAL_PROOF_64_GIB_V1P1 = 9n

/** What it costs to verify `count` aggregated seals, in milligas. */
export function aggregateSealsPrice(sealProof: bigint, count: number): number {
  const { perProof, steps } = sealProof === SEAL_PROOF_64_GIB_V1P1 ? SECTORS_64_GIB : SECTORS_32_GIB
  const step = steps.findLast(([from]) => from <= count)
  return saturate(gas(perProof * count + (step?.[1] ?? 0)))
}
