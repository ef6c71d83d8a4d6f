/** @module The base fee of the next tipset, from the messages of this one. Source: lotus chain/store/basefee.go; FIP-0115 for the later rule. */
import type { TokenAmount } from '@troupe/hypervisor'

/** Most gas that the messages of a block may ask for, all their limits together. */
export const BLOCK_GAS_LIMIT = 10_000_000_000n
/** The gas that blocks should use. */
export const BLOCK_GAS_TARGET: bigint = BLOCK_GAS_LIMIT / 2n
/** attoFIL for one gas, in a chain's first tipset. */
export const INITIAL_BASE_FEE: TokenAmount = 100_000_000n
/** attoFIL for one gas: the base fee never falls below. */
export const MINIMUM_BASE_FEE: TokenAmount = 100n

/** The base fee changes by at most one part in so many. */
const MAX_CHANGE_DENOMINATOR = 8n
/** Where the premium that counts is looked for, in gas from the highest premium down. */
const TARGET_INDEX = (BLOCK_GAS_LIMIT * 80n) / 100n - 1n

/** What the base fee depends on: a message of the tipset, once. */
export interface PricedMessage {
  readonly gasLimit: bigint
  readonly gasFeeCap: TokenAmount
  readonly gasPremium: TokenAmount
}

/**
 * How a network finds its next base fee: `utilization` compares the gas limits of a tipset with the target; `premiums` looks at what the messages
 * at the 80th percentile of a full block offer.
 */
export type BaseFeeRule = 'utilization' | 'premiums'

/** The rule of a network version: premiums from 28 on. */
export function baseFeeRuleOf(networkVersion: number): BaseFeeRule {
  return networkVersion >= FIRST_VERSION_OF_PREMIUMS ? 'premiums' : 'utilization'
}
const FIRST_VERSION_OF_PREMIUMS = 28

/**
 * The base fee after a tipset.
 * @param blockCount blocks of the tipset, at least 1
 */
export function nextBaseFee(
  rule: BaseFeeRule,
  baseFee: TokenAmount,
  messages: readonly PricedMessage[],
  blockCount = 1,
): TokenAmount {
  const next =
    rule === 'premiums' ? byPremiums(baseFee, messages) : byUtilization(baseFee, messages, BigInt(blockCount))
  return next < MINIMUM_BASE_FEE ? MINIMUM_BASE_FEE : next
}

function byUtilization(
  baseFee: TokenAmount,
  messages: readonly PricedMessage[],
  blockCount: bigint,
): TokenAmount {
  const used = messages.reduce((sum, { gasLimit }) => sum + gasLimit, 0n)
  const delta = clamp(used / blockCount - BLOCK_GAS_TARGET, BLOCK_GAS_TARGET)
  // Two divisions as in the reference, each rounding down (Go's big.Int.Div is Euclidean).
  return baseFee + floorDivide(floorDivide(baseFee * delta, BLOCK_GAS_TARGET), MAX_CHANGE_DENOMINATOR)
}

function byPremiums(baseFee: TokenAmount, messages: readonly PricedMessage[]): TokenAmount {
  const maximum = floorDivide(baseFee + MAX_CHANGE_DENOMINATOR - 1n, MAX_CHANGE_DENOMINATOR)
  const change = premiumAt(TARGET_INDEX, baseFee, messages) - maximum
  return baseFee + lesser(change, maximum)
}

/** The premium that the message at `index` pays, where each message takes as many places as it has gas, the highest premium first; 0 behind the last. */
function premiumAt(index: bigint, baseFee: TokenAmount, messages: readonly PricedMessage[]): TokenAmount {
  const offers = messages
    .map((message) => ({ premium: effectivePremium(message, baseFee), gas: message.gasLimit }))
    .sort((a, b) => (a.premium < b.premium ? 1 : a.premium > b.premium ? -1 : 0))
  let rest = index
  for (const { premium, gas } of offers) {
    if (rest < gas) return premium
    rest -= gas
  }
  return 0n
}

/** What remains of a message's premium under a base fee. */
export function effectivePremium(
  { gasFeeCap, gasPremium }: PricedMessage,
  baseFee: TokenAmount,
): TokenAmount {
  const available = gasFeeCap - baseFee
  if (available < 0n) return 0n
  return lesser(gasPremium, available)
}

function lesser(a: bigint, b: bigint): bigint {
  if (a < b) return a
  return b
}

function clamp(value: bigint, bound: bigint): bigint {
  if (value > bound) return bound
  return value < -bound ? -bound : value
}

/** Division by a positive number, rounding down. */
function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b
  return a < 0n && quotient * b !== a ? quotient - 1n : quotient
}
