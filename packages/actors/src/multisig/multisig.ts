/**
 * @module The methods of the multisig actor: an account whose transactions need the approval of several signers.
 *
 * Source: builtin-actors v18.0.0 actors/multisig/src/lib.rs.
 */

import { type Address, addressEquals, ExitCode, INIT_ACTOR_ID, idAddress } from '@troupe/hypervisor'
import { bytesKey } from '@troupe/ipld'
import { type ActorContext, ActorError, encodedBlock, fail, resolveToId } from '@troupe/runtime-native'
import type {
  AddSignerParameters,
  ApproveReturn,
  ChangeNumApprovalsThresholdParameters,
  LockBalanceParameters,
  MultisigConstructorParameters,
  ProposeParameters,
  ProposeReturn,
  RemoveSignerParameters,
  SwapSignerParameters,
  TransactionIdParameters,
} from './parameters.ts'
import {
  checkAvailable,
  includes,
  MAX_SIGNERS,
  type MultisigState,
  multisigStateCodec,
  type PendingTransaction,
  PendingTransactions,
  proposalHashInput,
} from './state.ts'

const NOTHING = new Uint8Array()
/** Its successor does not fit 64 bits. */
const LAST_TRANSACTION_ID = 2n ** 63n - 1n

/** Constructor: only the init actor makes multisigs. */
export function construct(context: ActorContext, params: MultisigConstructorParameters): void {
  context.requireCaller(idAddress(INIT_ACTOR_ID))
  const { numApprovalsThreshold, unlockDuration, startEpoch } = params
  if (params.signers.length === 0) fail(ExitCode.USR_ILLEGAL_ARGUMENT, 'there is no signer')
  if (params.signers.length > MAX_SIGNERS)
    fail(ExitCode.USR_ILLEGAL_ARGUMENT, `there are more than ${MAX_SIGNERS} signers`)
  const ids = new Set<bigint>()
  for (const signer of params.signers) {
    const id = resolveToId(context, signer, true)
    if (ids.has(id)) fail(ExitCode.USR_ILLEGAL_ARGUMENT, `f0${id} signs twice`)
    ids.add(id)
  }
  if (numApprovalsThreshold > BigInt(params.signers.length))
    fail(ExitCode.USR_ILLEGAL_ARGUMENT, 'more approvals are needed than there are signers')
  if (numApprovalsThreshold < 1n) fail(ExitCode.USR_ILLEGAL_ARGUMENT, 'at least one approval must be needed')
  if (unlockDuration < 0n) fail(ExitCode.USR_ILLEGAL_ARGUMENT, 'the time to unlock is negative')

  const pendingTxs = PendingTransactions.create(context.state).flush()
  const isLocked = unlockDuration !== 0n
  context.state.create(multisigStateCodec, {
    signers: [...ids].map(idAddress),
    numApprovalsThreshold,
    nextTxId: 0n,
    initialBalance: isLocked ? context.message.value : 0n,
    startEpoch: isLocked ? startEpoch : 0n,
    unlockDuration,
    pendingTxs,
  })
}

/** Propose: a signer proposes a transaction, and thereby approves it. */
export function propose(context: ActorContext, params: ProposeParameters): ProposeReturn {
  context.acceptAnyCaller()
  const proposer = idAddress(context.message.caller)
  if (params.value < 0n) fail(ExitCode.USR_ILLEGAL_ARGUMENT, `the value ${params.value} is negative`)
  const transaction: PendingTransaction = { ...params, approved: [] }
  const txnId = context.state.change(multisigStateCodec, (state) => {
    requireSigner(includes(state.signers, proposer))
    const pending = PendingTransactions.load(context.state, state.pendingTxs)
    const id = state.nextTxId
    if (id === LAST_TRANSACTION_ID) context.panic('there is no number left for a transaction')
    state.nextTxId = id + 1n
    pending.set(id, transaction)
    state.pendingTxs = pending.flush()
    return id
  })
  return { txnId, ...approveTransaction(context, txnId, transaction) }
}

/** Approve: a signer approves a transaction, which is executed once enough have. */
export function approve(context: ActorContext, params: TransactionIdParameters): ApproveReturn {
  context.acceptAnyCaller()
  const approver = idAddress(context.message.caller)
  const { state, transaction } = context.state.change(multisigStateCodec, (state) => {
    requireSigner(includes(state.signers, approver))
    const pending = PendingTransactions.load(context.state, state.pendingTxs)
    const transaction =
      pending.get(params.id) ?? fail(ExitCode.USR_NOT_FOUND, `there is no transaction ${params.id}`)
    if (params.proposalHash.length > 0)
      requireHash(hashOf(context, transaction), params.proposalHash, ExitCode.USR_ILLEGAL_ARGUMENT)
    return { state: { ...state }, transaction }
  })
  // It may have had enough approvals before: since then the threshold may have been lowered, or a signer removed.
  const result = executeIfApproved(context, state, params.id, transaction)
  return result.applied ? result : approveTransaction(context, params.id, transaction)
}

/** Cancel: whoever was first to approve a transaction takes it back. */
export function cancel(context: ActorContext, params: TransactionIdParameters): void {
  context.acceptAnyCaller()
  const caller = idAddress(context.message.caller)
  context.state.change(multisigStateCodec, (state) => {
    requireSigner(includes(state.signers, caller))
    const pending = PendingTransactions.load(context.state, state.pendingTxs)
    const transaction =
      pending.take(params.id) ?? fail(ExitCode.USR_NOT_FOUND, `there is no transaction ${params.id}`)
    const [proposer] = transaction.approved
    if (proposer === undefined || !addressEquals(proposer, caller))
      fail(ExitCode.USR_FORBIDDEN, 'the transaction is another signer’s')
    // Here the hash is made, and paid for, even where nobody asks for it.
    const hash = hashOf(context, transaction)
    if (params.proposalHash.length > 0) requireHash(hash, params.proposalHash, ExitCode.USR_ILLEGAL_STATE)
    state.pendingTxs = pending.flush()
  })
}

/** AddSigner: the multisig itself takes a signer in. */
export function addSigner(context: ActorContext, params: AddSignerParameters): void {
  requireSelf(context)
  const signer = idAddress(resolveToId(context, params.signer, true))
  context.state.change(multisigStateCodec, (state) => {
    if (state.signers.length >= MAX_SIGNERS)
      fail(ExitCode.USR_FORBIDDEN, `there cannot be more than ${MAX_SIGNERS} signers`)
    if (includes(state.signers, signer)) fail(ExitCode.USR_FORBIDDEN, `f0${signer.id} is a signer already`)
    state.signers = [...state.signers, signer]
    if (params.increase) state.numApprovalsThreshold++
  })
}

/** RemoveSigner: the multisig itself lets a signer go, whose approvals end. */
export function removeSigner(context: ActorContext, params: RemoveSignerParameters): void {
  requireSelf(context)
  const signer = idAddress(resolveToId(context, params.signer, false))
  context.state.change(multisigStateCodec, (state) => {
    const { signers, numApprovalsThreshold } = state
    requireSigner(includes(signers, signer))
    if (signers.length === 1) fail(ExitCode.USR_FORBIDDEN, 'the only signer cannot be removed')
    if (!params.decrease && BigInt(signers.length - 1) < numApprovalsThreshold)
      fail(ExitCode.USR_ILLEGAL_ARGUMENT, 'fewer signers would be left than approvals are needed')
    if (params.decrease) {
      if (numApprovalsThreshold < 2n)
        fail(ExitCode.USR_ILLEGAL_ARGUMENT, 'at least one approval must be needed')
      state.numApprovalsThreshold--
    }
    purgeApprovals(context, state, signer)
    state.signers = signers.filter((other) => !addressEquals(other, signer))
  })
}

/** SwapSigner: the multisig itself puts a signer in another's place, at the end of the list. */
export function swapSigner(context: ActorContext, params: SwapSignerParameters): void {
  requireSelf(context)
  const from = idAddress(resolveToId(context, params.from, false))
  const to = idAddress(resolveToId(context, params.to, true))
  context.state.change(multisigStateCodec, (state) => {
    requireSigner(includes(state.signers, from))
    if (includes(state.signers, to)) fail(ExitCode.USR_ILLEGAL_ARGUMENT, `f0${to.id} is a signer already`)
    state.signers = [...state.signers.filter((other) => !addressEquals(other, from)), to]
    purgeApprovals(context, state, from)
  })
}

/** ChangeNumApprovalsThreshold: the multisig itself changes how many approvals are needed. */
export function changeThreshold(context: ActorContext, params: ChangeNumApprovalsThresholdParameters): void {
  requireSelf(context)
  const { newThreshold } = params
  context.state.change(multisigStateCodec, (state) => {
    if (newThreshold === 0n || newThreshold > BigInt(state.signers.length))
      fail(ExitCode.USR_ILLEGAL_ARGUMENT, `${newThreshold} approvals cannot be needed`)
    state.numApprovalsThreshold = newThreshold
  })
}

/** LockBalance: the multisig itself locks an amount, once. */
export function lockBalance(context: ActorContext, params: LockBalanceParameters): void {
  requireSelf(context)
  const { startEpoch, unlockDuration, amount } = params
  if (unlockDuration <= 0n) fail(ExitCode.USR_ILLEGAL_ARGUMENT, 'the time to unlock must be positive')
  if (amount < 0n) fail(ExitCode.USR_ILLEGAL_ARGUMENT, 'the amount to lock is negative')
  context.state.change(multisigStateCodec, (state) => {
    if (state.unlockDuration !== 0n) fail(ExitCode.USR_FORBIDDEN, 'an amount has been locked already')
    Object.assign(state, { startEpoch, unlockDuration, initialBalance: amount })
  })
}

/** Receive: takes whatever is brought. */
export function receive(context: ActorContext): void {
  context.acceptAnyCaller()
}

/** Adds the caller's approval, and executes the transaction if that makes enough of them. */
function approveTransaction(
  context: ActorContext,
  id: bigint,
  transaction: PendingTransaction,
): ApproveReturn {
  const approver = idAddress(context.message.caller)
  if (includes(transaction.approved, approver))
    fail(ExitCode.USR_FORBIDDEN, `f0${approver.id} has approved the transaction already`)
  const approved = { ...transaction, approved: [...transaction.approved, approver] }
  const state = context.state.change(multisigStateCodec, (state) => {
    const pending = PendingTransactions.load(context.state, state.pendingTxs)
    pending.set(id, approved)
    state.pendingTxs = pending.flush()
    return { ...state }
  })
  return executeIfApproved(context, state, id, approved)
}

/** Executes a transaction that has enough approvals. It is gone then, however it ends. @param state as it was when the approvals were counted */
function executeIfApproved(
  context: ActorContext,
  state: MultisigState,
  id: bigint,
  transaction: PendingTransaction,
): ApproveReturn {
  if (BigInt(transaction.approved.length) < state.numApprovalsThreshold)
    return { applied: false, code: ExitCode.OK, ret: NOTHING }
  const { to, method, params, value } = transaction
  checkAvailable(state, context.balance(), value, context.network.epoch)
  context.state.change(multisigStateCodec, (current) => {
    const pending = PendingTransactions.load(context.state, current.pendingTxs)
    pending.take(id)
    current.pendingTxs = pending.flush()
  })
  try {
    const returned = context.sendOrFail({ to, method, parameters: encodedBlock(params), value })
    return { applied: true, code: ExitCode.OK, ret: returned?.data ?? NOTHING }
  } catch (error) {
    if (!(error instanceof ActorError)) throw error
    return { applied: true, code: error.exitCode, ret: error.data?.data ?? NOTHING }
  }
}

function purgeApprovals(context: ActorContext, state: MultisigState, signer: Address): void {
  const pending = PendingTransactions.load(context.state, state.pendingTxs)
  pending.purgeApprovals(signer)
  state.pendingTxs = pending.flush()
}

/** Compares a transaction's hash with the one that is asked for. */
function requireHash(hash: Uint8Array, asked: Uint8Array, exitCode: ExitCode): void {
  if (bytesKey(asked) !== bytesKey(hash)) fail(exitCode, 'the transaction has another hash')
}

function hashOf(context: ActorContext, transaction: PendingTransaction): Uint8Array {
  return context.crypto.blake2b(proposalHashInput(transaction))
}

function requireSelf(context: ActorContext): void {
  context.requireCaller(idAddress(context.message.receiver))
}

function requireSigner(isSigner: boolean): void {
  if (!isSigner) fail(ExitCode.USR_FORBIDDEN, 'this is no signer')
}
