/**
 * @module State of the payment channel actor, and how a voucher changes it.
 *
 * Source: builtin-actors v18.0.0 actors/paych/src/state.rs, lib.rs.
 */

import { type Address, addressCodec, ExitCode, type TokenAmount, tokenAmountCodec } from '@troupe/hypervisor'
import type { CborStore, Cid, ValueCodec } from '@troupe/ipld'
import { Amt } from '@troupe/ipld/amt'
import { cidCodec, fail, i64Codec, tupleCodec, u64Codec, withDefaultExitCode } from '@troupe/runtime-native'
import type { SignedVoucher } from './parameters.ts'

/** The greatest number of a lane. */
export const MAX_LANE: bigint = 2n ** 63n - 1n
/** Bit width of the AMT of lanes. */
const LANES_BIT_WIDTH = 3

/** State of a payment channel: a tuple of these fields, in this order. */
export interface PaymentChannelState {
  /** Who pays: an f0 address. */
  from: Address
  /** Who is paid: an f0 address. */
  to: Address
  /** What has been redeemed, and is paid out in the end. */
  toSend: TokenAmount
  /** The epoch from which the channel can be collected; 0 while nobody has settled it. */
  settlingAt: bigint
  /** The least epoch to settle at. */
  minSettleHeight: bigint
  /** AMT (bit width 3) of {@link LaneState}s by lane. */
  laneStates: Cid
}

/** What is known of a lane: a tuple of these fields, in this order. */
export interface LaneState {
  /** What the lane has redeemed. */
  readonly redeemed: TokenAmount
  /** The nonce of the last voucher. */
  readonly nonce: bigint
}

/** The state's codec. */
export const paymentChannelStateCodec: ValueCodec<PaymentChannelState> = tupleCodec({
  from: addressCodec,
  to: addressCodec,
  toSend: tokenAmountCodec,
  settlingAt: i64Codec,
  minSettleHeight: i64Codec,
  laneStates: cidCodec,
})

/** Codec of lanes. */
export const laneStateCodec: ValueCodec<LaneState> = tupleCodec({
  redeemed: tokenAmountCodec,
  nonce: u64Codec,
})

/** The AMT of a channel without lanes. @throws {IpldError} */
export function storeNoLanes(store: CborStore): Cid {
  return Amt.create(store, { value: laneStateCodec, bitWidth: LANES_BIT_WIDTH }).flush()
}

/**
 * The state after a voucher whose signature, time and conditions hold. Lanes are stored.
 *
 * @param balance asks what the channel has
 * @throws {ActorError} USR_ILLEGAL_ARGUMENT for an old nonce, a lane that cannot be merged, and an amount that the channel cannot pay; USR_ILLEGAL_STATE
 */
export function redeemVoucher(
  store: CborStore,
  state: PaymentChannelState,
  voucher: SignedVoucher,
  balance: () => TokenAmount,
): PaymentChannelState {
  const lanes = workOnLanes('load', () => Amt.load(store, state.laneStates, { value: laneStateCodec }))
  const lane = findLane(lanes, voucher.lane)
  if (lane !== undefined && lane.nonce >= voucher.nonce)
    fail(ExitCode.USR_ILLEGAL_ARGUMENT, `the lane's nonce is ${lane.nonce}, the voucher's ${voucher.nonce}`)

  const redeemed = (lane?.redeemed ?? 0n) + mergeLanes(lanes, voucher)
  const toSend = state.toSend + voucher.amount - redeemed
  if (toSend < 0n) fail(ExitCode.USR_ILLEGAL_ARGUMENT, 'the voucher would make the sum to pay negative')
  if (toSend > balance()) fail(ExitCode.USR_ILLEGAL_ARGUMENT, 'the channel cannot pay for the voucher')

  workOnLanes('change', () => lanes.set(voucher.lane, { redeemed: voucher.amount, nonce: voucher.nonce }))
  return {
    ...state,
    ...settlementAfter(state, voucher.minSettleHeight),
    toSend,
    laneStates: workOnLanes('save', () => lanes.flush()),
  }
}

/** Takes the lanes over that the voucher merges, and gives what they have redeemed. */
function mergeLanes(lanes: Amt<LaneState>, voucher: SignedVoucher): TokenAmount {
  let redeemed = 0n
  for (const merge of voucher.merges) {
    if (merge.lane === voucher.lane)
      fail(ExitCode.USR_ILLEGAL_ARGUMENT, 'a voucher cannot merge its own lane')
    const other = findLane(lanes, merge.lane)
    if (other === undefined) fail(ExitCode.USR_ILLEGAL_ARGUMENT, `there is no lane ${merge.lane} to merge`)
    if (other.nonce >= merge.nonce)
      fail(ExitCode.USR_ILLEGAL_ARGUMENT, `the nonce of the merged lane is ${other.nonce} already`)
    redeemed += other.redeemed
    workOnLanes('change', () => lanes.set(merge.lane, { ...other, nonce: merge.nonce }))
  }
  return redeemed
}

function settlementAfter(
  { settlingAt, minSettleHeight }: PaymentChannelState,
  voucherHeight: bigint,
): Pick<PaymentChannelState, 'settlingAt' | 'minSettleHeight'> {
  if (voucherHeight === 0n) return { settlingAt, minSettleHeight }
  return {
    settlingAt: settlingAt === 0n ? 0n : later(settlingAt, voucherHeight),
    minSettleHeight: later(minSettleHeight, voucherHeight),
  }
}

/** The later of two epochs. */
export function later(a: bigint, b: bigint): bigint {
  if (a > b) return a
  return b
}

function findLane(lanes: Amt<LaneState>, lane: bigint): LaneState | undefined {
  if (lane > MAX_LANE) fail(ExitCode.USR_ILLEGAL_ARGUMENT, `the greatest lane is ${MAX_LANE}`)
  return workOnLanes('look up', () => lanes.get(lane))
}

function workOnLanes<T>(what: string, run: () => T): T {
  return withDefaultExitCode(ExitCode.USR_ILLEGAL_STATE, `failed to ${what} lanes`, run)
}
