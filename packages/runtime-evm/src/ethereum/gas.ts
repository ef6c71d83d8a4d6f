/**
 * @module Gas of calls that may have more of it than doubles count.
 *
 * Nobody can use up 2^52 gas: that takes a month. So an interpreter counts at most that much, and what is beyond waits; it is there where gas is
 * divided between calls, and where code asks how much there is.
 */

/** An amount of gas, of which something is beyond only where the rest is all that is counted, or was when the frame began. */
export interface EthereumGas {
  /** A whole number up to 2^52. */
  readonly counted: number
  /** 0 but for amounts that only tests have. */
  readonly beyond: bigint
}

/** Two such amounts can be added up exactly. */
export const MAX_COUNTED: number = 2 ** 52

export const NO_GAS: EthereumGas = { counted: 0, beyond: 0n }

/** An amount of gas. */
export function gasOf(amount: bigint): EthereumGas {
  const counted = amount < MAX_COUNTED ? Number(amount) : MAX_COUNTED
  return { counted, beyond: amount - BigInt(counted) }
}

/** How much gas there is in all. */
export function totalOf({ counted, beyond }: EthereumGas): bigint {
  return BigInt(counted) + beyond
}

/** What is left after paying, or `undefined` where there is not as much. What costs more than can be counted nobody can pay. */
export function spend({ counted, beyond }: EthereumGas, cost: number): EthereumGas | undefined {
  return cost > counted ? undefined : { counted: counted - cost, beyond }
}
