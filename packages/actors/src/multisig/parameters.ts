/**
 * @module Parameters and returns of the multisig actor's methods.
 *
 * Source: builtin-actors v18.0.0 actors/multisig/src/types.rs.
 */

import {
  type Address,
  addressCodec,
  type ExitCode,
  type MethodNumber,
  type TokenAmount,
  tokenAmountCodec,
} from '@troupe/hypervisor'
import type { ValueCodec } from '@troupe/ipld'
import {
  arrayCodec,
  boolCodec,
  bytesCodec,
  i64Codec,
  tupleCodec,
  u32Codec,
  u64Codec,
} from '@troupe/runtime-native'

/** What a multisig is created with. */
export interface MultisigConstructorParameters {
  readonly signers: readonly Address[]
  /** Approvals that a transaction needs, the proposer's included. */
  readonly numApprovalsThreshold: bigint
  /** Epochs over which the value sent along is unlocked; 0 for no lock. */
  readonly unlockDuration: bigint
  /** The epoch at which unlocking starts. */
  readonly startEpoch: bigint
}

/** A transaction to propose. */
export interface ProposeParameters {
  readonly to: Address
  readonly value: TokenAmount
  readonly method: MethodNumber
  /** The parameters that `to` receives; none where empty. */
  readonly params: Uint8Array
}

/** What became of a proposal. */
export interface ProposeReturn {
  readonly txnId: bigint
  /** Whether the transaction was executed. Where it was not, `code` is 0 and `ret` empty. */
  readonly applied: boolean
  /** How the executed transaction ended. */
  readonly code: ExitCode
  readonly ret: Uint8Array
}

/** The transaction to approve or to cancel. */
export interface TransactionIdParameters {
  readonly id: bigint
  /** The hash that the transaction must have, see `proposalHash`; empty for any. */
  readonly proposalHash: Uint8Array
}

/** What became of an approval; as in {@link ProposeReturn}. */
export interface ApproveReturn {
  readonly applied: boolean
  readonly code: ExitCode
  readonly ret: Uint8Array
}

/** A signer to add. */
export interface AddSignerParameters {
  readonly signer: Address
  /** Whether the threshold goes up by one. */
  readonly increase: boolean
}

/** A signer to remove. */
export interface RemoveSignerParameters {
  readonly signer: Address
  /** Whether the threshold goes down by one. */
  readonly decrease: boolean
}

/** A signer to replace, and the one to replace it by. */
export interface SwapSignerParameters {
  readonly from: Address
  readonly to: Address
}

/** A new threshold. */
export interface ChangeNumApprovalsThresholdParameters {
  readonly newThreshold: bigint
}

/** What to lock. */
export interface LockBalanceParameters {
  readonly startEpoch: bigint
  readonly unlockDuration: bigint
  readonly amount: TokenAmount
}

/** Of the constructor: `[signers, threshold, unlock duration, start epoch]`. */
export const multisigConstructorParametersCodec: ValueCodec<MultisigConstructorParameters> = tupleCodec({
  signers: arrayCodec(addressCodec),
  numApprovalsThreshold: u64Codec,
  unlockDuration: i64Codec,
  startEpoch: i64Codec,
})

/** Of Propose: `[to, value, method, params]`. */
export const proposeParametersCodec: ValueCodec<ProposeParameters> = tupleCodec({
  to: addressCodec,
  value: tokenAmountCodec,
  method: u64Codec,
  params: bytesCodec,
})

/** Of Propose: `[transaction id, applied, exit code, return data]`. */
export const proposeReturnCodec: ValueCodec<ProposeReturn> = tupleCodec({
  txnId: i64Codec,
  applied: boolCodec,
  code: u32Codec,
  ret: bytesCodec,
})

/** Of Approve and Cancel: `[transaction id, proposal hash]`. */
export const transactionIdParametersCodec: ValueCodec<TransactionIdParameters> = tupleCodec({
  id: i64Codec,
  proposalHash: bytesCodec,
})

/** Of Approve: `[applied, exit code, return data]`. */
export const approveReturnCodec: ValueCodec<ApproveReturn> = tupleCodec({
  applied: boolCodec,
  code: u32Codec,
  ret: bytesCodec,
})

/** Of AddSigner: `[signer, increase]`. */
export const addSignerParametersCodec: ValueCodec<AddSignerParameters> = tupleCodec({
  signer: addressCodec,
  increase: boolCodec,
})

/** Of RemoveSigner: `[signer, decrease]`. */
export const removeSignerParametersCodec: ValueCodec<RemoveSignerParameters> = tupleCodec({
  signer: addressCodec,
  decrease: boolCodec,
})

/** Of SwapSigner: `[from, to]`. */
export const swapSignerParametersCodec: ValueCodec<SwapSignerParameters> = tupleCodec({
  from: addressCodec,
  to: addressCodec,
})

/** Of ChangeNumApprovalsThreshold: `[threshold]`. */
export const changeNumApprovalsThresholdParametersCodec: ValueCodec<ChangeNumApprovalsThresholdParameters> =
  tupleCodec({
    newThreshold: u64Codec,
  })

/** Of LockBalance: `[start epoch, unlock duration, amount]`. */
export const lockBalanceParametersCodec: ValueCodec<LockBalanceParameters> = tupleCodec({
  startEpoch: i64Codec,
  unlockDuration: i64Codec,
  amount: tokenAmountCodec,
})
