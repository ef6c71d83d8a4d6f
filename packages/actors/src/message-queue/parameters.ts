/** @module What the message queue's methods take and return. Data is what the queue does not look at: parameters, results, what a continuation is to be given. */
import {
  type ActorId,
  type Address,
  addressCodec,
  type ExitCode,
  type MethodNumber,
  type TokenAmount,
  tokenAmountCodec,
} from '@troupe/hypervisor'
import type { ValueCodec } from '@troupe/ipld'
import { boolCodec, bytesCodec, optionalCodec, tupleCodec, u32Codec, u64Codec } from '@troupe/runtime-native'

/** Parameters of `Enqueue`; the value of the call is that of the message. Shape: `[to, method, parameters, gas limit, whether the result is kept]`. */
export interface EnqueueParameters {
  to: Address
  method: MethodNumber
  /** As a message of the chain has them: CBOR, whose links are not followed; empty for none. */
  parameters: Uint8Array
  gasLimit: bigint
  keepsResult: boolean
}

/** Codec of the parameters of `Enqueue`. */
export const enqueueParametersCodec: ValueCodec<EnqueueParameters> = tupleCodec({
  to: addressCodec,
  method: u64Codec,
  parameters: bytesCodec,
  gasLimit: u64Codec,
  keepsResult: boolCodec,
})

/** What `Enqueue` returns: the number of the message, and of its future. Shape: `[number]`. */
export const enqueueReturnCodec: ValueCodec<{ number: bigint }> = tupleCodec({ number: u64Codec })

/** Parameters of `When`. Shape: `[number of the future, method, context, gas limit]`. */
export interface WhenParameters {
  future: bigint
  /** Which of the owner's methods is to be given the result. */
  method: MethodNumber
  /** What it is to be given besides. */
  context: Uint8Array
  gasLimit: bigint
}

/** Codec of the parameters of `When`. */
export const whenParametersCodec: ValueCodec<WhenParameters> = tupleCodec({
  future: u64Codec,
  method: u64Codec,
  context: bytesCodec,
  gasLimit: u64Codec,
})

/** Parameters of `Forget`. Shape: `[number of the future]`. */
export const forgetParametersCodec: ValueCodec<{ future: bigint }> = tupleCodec({ future: u64Codec })

/** What a continuation is called with, by the queue. Shape: `[number of the future, context, exit code, what was returned]`. */
export interface ContinuationParameters {
  future: bigint
  context: Uint8Array
  exitCode: ExitCode
  /** Empty where nothing was; `undefined` where it was more than the queue keeps. */
  returned: Uint8Array | undefined
}

/** Codec of the parameters of continuations. */
export const continuationParametersCodec: ValueCodec<ContinuationParameters> = tupleCodec({
  future: u64Codec,
  context: bytesCodec,
  exitCode: u32Codec,
  returned: optionalCodec(bytesCodec),
})

/** What `Take` returns: the message that is next. Its value is its sender's again. Shape: `[number, from, to, method, parameters, value, gas limit, whether the result is kept]`. */
export interface TakenMessage {
  number: bigint
  from: ActorId
  to: Address
  method: MethodNumber
  parameters: Uint8Array
  value: TokenAmount
  gasLimit: bigint
  keepsResult: boolean
}

/** Codec of what `Take` returns. */
export const takenMessageCodec: ValueCodec<TakenMessage> = tupleCodec({
  number: u64Codec,
  from: u64Codec,
  to: addressCodec,
  method: u64Codec,
  parameters: bytesCodec,
  value: tokenAmountCodec,
  gasLimit: u64Codec,
  keepsResult: boolCodec,
})

/** Parameters of `Settle`. Shape: `[number, exit code, what was returned or null]`. */
export interface SettleParameters {
  number: bigint
  exitCode: ExitCode
  /** Empty where nothing was; `undefined` where it was more than the queue keeps, which the system does not hand over: it may be as long as a block. */
  returned: Uint8Array | undefined
}

/** Codec of the parameters of `Settle`. */
export const settleParametersCodec: ValueCodec<SettleParameters> = tupleCodec({
  number: u64Codec,
  exitCode: u32Codec,
  returned: optionalCodec(bytesCodec),
})
