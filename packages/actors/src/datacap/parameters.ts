/**
 * @module Parameters of the methods that the datacap actor has beside those of every fungible token. Those that are one value are that value, in no
 * tuple.
 *
 * Source: builtin-actors v18.0.0 actors/datacap/src/types.rs.
 */

import { type Address, addressCodec, type TokenAmount, tokenAmountCodec } from '@troupe/hypervisor'
import type { ValueCodec } from '@troupe/ipld'
import { arrayCodec, tupleCodec } from '@troupe/runtime-native'

/** New tokens. */
export interface MintParameters {
  readonly to: Address
  readonly amount: TokenAmount
  /** Who may spend them all, and more. */
  readonly operators: readonly Address[]
}

/** Tokens to destroy. */
export interface DestroyParameters {
  readonly owner: Address
  readonly amount: TokenAmount
}

/** Of Mint: `[to, amount, [operator, ...]]`. */
export const mintParametersCodec: ValueCodec<MintParameters> = tupleCodec({
  to: addressCodec,
  amount: tokenAmountCodec,
  operators: arrayCodec(addressCodec),
})

/** Of Destroy: `[owner, amount]`. */
export const destroyParametersCodec: ValueCodec<DestroyParameters> = tupleCodec({
  owner: addressCodec,
  amount: tokenAmountCodec,
})
