/**
 * @module Parameters and returns of the methods of a fungible token, and what a receiver of tokens is told.
 *
 * Source: FRC-0046; frc46_token 15.0.0 src/token/types.rs, src/receiver.rs; fvm_actor_utils 15.0.0 src/receiver/mod.rs.
 */

import {
  type ActorId,
  type Address,
  addressCodec,
  type MethodNumber,
  type TokenAmount,
  tokenAmountCodec,
} from '@troupe/hypervisor'
import type { ValueCodec } from '@troupe/ipld'
import { bytesCodec, tupleCodec, u32Codec, u64Codec } from '@troupe/runtime-native'

/** What the caller sends to whom. */
export interface TransferParameters {
  readonly to: Address
  readonly amount: TokenAmount
  /** For the receiver. */
  readonly operatorData: Uint8Array
}

/** What an operator sends from whom to whom. */
export interface TransferFromParameters extends TransferParameters {
  readonly from: Address
}

/** Balances after a transfer. */
export interface TransferReturn {
  readonly fromBalance: TokenAmount
  readonly toBalance: TokenAmount
  /** What the receiver answered. */
  readonly recipientData: Uint8Array
}

/** Balances, and what the operator may still spend, after a transfer by an operator. */
export interface TransferFromReturn extends TransferReturn {
  readonly allowance: TokenAmount
}

/** How much more an operator may spend. */
export interface IncreaseAllowanceParameters {
  readonly operator: Address
  readonly increase: TokenAmount
}

/** How much less an operator may spend. */
export interface DecreaseAllowanceParameters {
  readonly operator: Address
  readonly decrease: TokenAmount
}

/** Who may not spend anything any more. */
export interface RevokeAllowanceParameters {
  readonly operator: Address
}

/** Whose allowance by whom is asked for. */
export interface GetAllowanceParameters {
  readonly owner: Address
  readonly operator: Address
}

/** What the caller burns. */
export interface BurnParameters {
  readonly amount: TokenAmount
}

/** What is left. */
export interface BurnReturn {
  readonly balance: TokenAmount
}

/** What an operator burns of whose. */
export interface BurnFromParameters {
  readonly owner: Address
  readonly amount: TokenAmount
}

/** What is left, and what the operator may still spend. */
export interface BurnFromReturn extends BurnReturn {
  readonly allowance: TokenAmount
}

/** What the new holder has, and what there is in all. */
export interface MintReturn {
  readonly balance: TokenAmount
  readonly supply: TokenAmount
  /** What the receiver answered. */
  readonly recipientData: Uint8Array
}

/** What an actor is told at Receive. */
export interface UniversalReceiverParameters {
  /** The kind of what it receives: {@link FRC46_TOKEN_TYPE}, or something else. */
  readonly type: number
  readonly payload: Uint8Array
}

/** The payload for a receiver of tokens. */
export interface Frc46TokenReceived {
  /** Who had the tokens; the token's own actor where they are new. */
  readonly from: ActorId
  readonly to: ActorId
  /** Who brings it about. */
  readonly operator: ActorId
  readonly amount: TokenAmount
  readonly operatorData: Uint8Array
  readonly tokenData: Uint8Array
}

/** The kind of a fungible token: the method number of `FRC46`. */
export const FRC46_TOKEN_TYPE = 2_233_613_279

/** The number of the method Receive. */
export const RECEIVE_METHOD: MethodNumber = 3_726_118_371n

/** Of Transfer: `[to, amount, operator data]`. */
export const transferParametersCodec: ValueCodec<TransferParameters> = tupleCodec({
  to: addressCodec,
  amount: tokenAmountCodec,
  operatorData: bytesCodec,
})

/** Of TransferFrom: `[from, to, amount, operator data]`. */
export const transferFromParametersCodec: ValueCodec<TransferFromParameters> = tupleCodec({
  from: addressCodec,
  to: addressCodec,
  amount: tokenAmountCodec,
  operatorData: bytesCodec,
})

/** Of Transfer: `[balance of from, balance of to, answer]`. */
export const transferReturnCodec: ValueCodec<TransferReturn> = tupleCodec({
  fromBalance: tokenAmountCodec,
  toBalance: tokenAmountCodec,
  recipientData: bytesCodec,
})

/** Of TransferFrom: `[balance of from, balance of to, allowance, answer]`. */
export const transferFromReturnCodec: ValueCodec<TransferFromReturn> = tupleCodec({
  fromBalance: tokenAmountCodec,
  toBalance: tokenAmountCodec,
  allowance: tokenAmountCodec,
  recipientData: bytesCodec,
})

/** Of IncreaseAllowance: `[operator, increase]`. */
export const increaseAllowanceParametersCodec: ValueCodec<IncreaseAllowanceParameters> = tupleCodec({
  operator: addressCodec,
  increase: tokenAmountCodec,
})

/** Of DecreaseAllowance: `[operator, decrease]`. */
export const decreaseAllowanceParametersCodec: ValueCodec<DecreaseAllowanceParameters> = tupleCodec({
  operator: addressCodec,
  decrease: tokenAmountCodec,
})

/** Of RevokeAllowance: `[operator]`. */
export const revokeAllowanceParametersCodec: ValueCodec<RevokeAllowanceParameters> = tupleCodec({
  operator: addressCodec,
})

/** Of Allowance: `[owner, operator]`. */
export const getAllowanceParametersCodec: ValueCodec<GetAllowanceParameters> = tupleCodec({
  owner: addressCodec,
  operator: addressCodec,
})

/** Of Burn: `[amount]`. */
export const burnParametersCodec: ValueCodec<BurnParameters> = tupleCodec({ amount: tokenAmountCodec })

/** Of Burn: `[balance]`. */
export const burnReturnCodec: ValueCodec<BurnReturn> = tupleCodec({ balance: tokenAmountCodec })

/** Of BurnFrom: `[owner, amount]`. */
export const burnFromParametersCodec: ValueCodec<BurnFromParameters> = tupleCodec({
  owner: addressCodec,
  amount: tokenAmountCodec,
})

/** Of BurnFrom: `[balance, allowance]`. */
export const burnFromReturnCodec: ValueCodec<BurnFromReturn> = tupleCodec({
  balance: tokenAmountCodec,
  allowance: tokenAmountCodec,
})

/** Of Mint: `[balance, supply, answer]`. */
export const mintReturnCodec: ValueCodec<MintReturn> = tupleCodec({
  balance: tokenAmountCodec,
  supply: tokenAmountCodec,
  recipientData: bytesCodec,
})

/** Of Receive: `[type, payload]`. */
export const universalReceiverParametersCodec: ValueCodec<UniversalReceiverParameters> = tupleCodec({
  type: u32Codec,
  payload: bytesCodec,
})

/** A receiver's payload: `[from, to, operator, amount, operator data, token data]`. */
export const frc46TokenReceivedCodec: ValueCodec<Frc46TokenReceived> = tupleCodec({
  from: u64Codec,
  to: u64Codec,
  operator: u64Codec,
  amount: tokenAmountCodec,
  operatorData: bytesCodec,
  tokenData: bytesCodec,
})
