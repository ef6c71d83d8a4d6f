import { type TokenAmount, tokenAmountCodec } from '@troupe/hypervisor'
import type { ValueCodec } from '@troupe/ipld'
import { bigIntCodec, i64Codec, tupleCodec } from '@troupe/runtime-native'
import { estimate, type FilterEstimate, filterEstimateCodec, nextEstimate } from './filter.ts'
import {
  BASELINE_INITIAL_VALUE,
  BASELINE_TOTAL,
  computeReward,
  computeTheta,
  INITIAL_BASELINE_POWER,
  nextBaselinePower,
  SIMPLE_TOTAL,
} from './minting.ts'

/** The state of the reward actor (f02). Powers are in bytes, their sums in byte-epochs. */
export interface RewardState {
  /** The sum of the baseline up to the effective time. */
  baselineSum: bigint
  /** The sum of the network's power, as far as it did not exceed the baseline. */
  realisedSum: bigint
  /** The first epoch at which {@link baselineSum} reaches {@link realisedSum}. */
  effectiveTime: bigint
  /** The baseline at the effective time. */
  effectivePower: bigint
  /** attoFIL that the winners of the epoch share: five are expected. */
  epochReward: TokenAmount
  /** {@link epochReward}, smoothed. */
  smoothedReward: FilterEstimate
  /** The baseline at {@link epoch}. */
  baselinePower: bigint
  /** The epoch that the reward is for. */
  epoch: bigint
  /** attoFIL awarded so far, tips left out. */
  totalReward: TokenAmount
  /** attoFIL that the simple part mints in all. */
  simpleTotal: TokenAmount
  /** attoFIL that the baseline part mints in all. */
  baselineTotal: TokenAmount
}

/** Shape: the fields in their order. Source: builtin-actors v18 actors/reward/src/state.rs. */
export const rewardStateCodec: ValueCodec<RewardState> = tupleCodec({
  baselineSum: bigIntCodec,
  realisedSum: bigIntCodec,
  effectiveTime: i64Codec,
  effectivePower: bigIntCodec,
  epochReward: tokenAmountCodec,
  smoothedReward: filterEstimateCodec,
  baselinePower: bigIntCodec,
  epoch: i64Codec,
  totalReward: tokenAmountCodec,
  simpleTotal: tokenAmountCodec,
  baselineTotal: tokenAmountCodec,
})

/** 36.27 FIL, and how it changes between epochs 0 and 1. */
const INITIAL_REWARD = 36_266_260_308_195_979_333n
const INITIAL_REWARD_VELOCITY = -109_897_758_509n

/** Called once for every epoch that is worked through, so that whoever counts work can. */
export type EpochListener = () => void

/** The state before the first epoch. @param realisedPower bytes that the network has @throws {DivisionByZero} */
export function initialRewardState(realisedPower: bigint, listener: EpochListener = () => {}): RewardState {
  const state: RewardState = {
    baselineSum: 0n,
    realisedSum: 0n,
    effectiveTime: 0n,
    effectivePower: BASELINE_INITIAL_VALUE,
    epochReward: 0n,
    smoothedReward: estimate(INITIAL_REWARD, INITIAL_REWARD_VELOCITY),
    baselinePower: INITIAL_BASELINE_POWER,
    epoch: -1n,
    totalReward: 0n,
    simpleTotal: SIMPLE_TOTAL,
    baselineTotal: BASELINE_TOTAL,
  }
  stepWithReward(state, realisedPower, listener)
  return state
}

/**
 * Works through all epochs up to `epoch`, and computes the reward of the one after it.
 *
 * Differs: counts beyond the last epoch of 64 bits, where the reference panics; the state can then not be written.
 * @param realisedPower bytes that the network has
 * @throws {DivisionByZero}
 */
export function advanceReward(
  state: RewardState,
  realisedPower: bigint,
  epoch: bigint,
  listener: EpochListener,
): void {
  const before = state.epoch
  while (state.epoch < epoch) step(state, realisedPower, listener)
  stepWithReward(state, realisedPower, listener)
  state.smoothedReward = nextEstimate(state.smoothedReward, state.epochReward, state.epoch - before)
}

function step(state: RewardState, realisedPower: bigint, listener: EpochListener): void {
  listener()
  state.epoch++
  state.baselinePower = nextBaselinePower(state.baselinePower)
  state.realisedSum += realisedPower < state.baselinePower ? realisedPower : state.baselinePower
  while (state.realisedSum > state.baselineSum) {
    listener()
    state.effectiveTime++
    state.effectivePower = nextBaselinePower(state.effectivePower)
    state.baselineSum += state.effectivePower
  }
}

function stepWithReward(state: RewardState, realisedPower: bigint, listener: EpochListener): void {
  const previousTheta = theta(state)
  step(state, realisedPower, listener)
  state.epochReward = computeReward(
    state.epoch,
    previousTheta,
    theta(state),
    state.simpleTotal,
    state.baselineTotal,
  )
}

function theta({ effectiveTime, effectivePower, realisedSum, baselineSum }: RewardState): bigint {
  return computeTheta(effectiveTime, effectivePower, realisedSum, baselineSum)
}
