/**
 * @module State of the multisig actor, and what can be worked out from it alone.
 *
 * Source: builtin-actors v18.0.0 actors/multisig/src/state.rs, types.rs.
 */

import {
  type Address,
  addressCodec,
  addressEquals,
  ExitCode,
  type MethodNumber,
  type TokenAmount,
  tokenAmountCodec,
} from '@troupe/hypervisor'
import { type Cid, encodeValue, type ValueCodec } from '@troupe/ipld'
import {
  ActorMap,
  arrayCodec,
  bytesCodec,
  cidCodec,
  fail,
  i64Codec,
  optionalCodec,
  type StateAccess,
  tupleCodec,
  u64Codec,
} from '@troupe/runtime-native'
import { encodeSignedVarint } from '../varint.ts'

/** Most signers of a multisig. */
export const MAX_SIGNERS = 256

/** State of a multisig: a tuple of these fields, in this order. */
export interface MultisigState {
  /** f0 addresses, in the order in which they came. */
  signers: readonly Address[]
  numApprovalsThreshold: bigint
  nextTxId: bigint
  /** What was locked at first. */
  initialBalance: TokenAmount
  startEpoch: bigint
  /** Epochs from the start until nothing is locked any more; 0 where nothing ever was. */
  unlockDuration: bigint
  /** HAMT (bit width 5) from transaction ids, as zigzag varints, to {@link PendingTransaction}s. */
  pendingTxs: Cid
}

/** A proposed transaction: a tuple of these fields, in this order. */
export interface PendingTransaction {
  readonly to: Address
  readonly value: TokenAmount
  readonly method: MethodNumber
  readonly params: Uint8Array
  /** Who has approved it, the proposer first. */
  readonly approved: readonly Address[]
}

/** The state's codec. */
export const multisigStateCodec: ValueCodec<MultisigState> = tupleCodec({
  signers: arrayCodec(addressCodec),
  numApprovalsThreshold: u64Codec,
  nextTxId: i64Codec,
  initialBalance: tokenAmountCodec,
  startEpoch: i64Codec,
  unlockDuration: i64Codec,
  pendingTxs: cidCodec,
})

/** Codec of pending transactions. */
export const pendingTransactionCodec: ValueCodec<PendingTransaction> = tupleCodec({
  to: addressCodec,
  value: tokenAmountCodec,
  method: u64Codec,
  params: bytesCodec,
  approved: arrayCodec(addressCodec),
})

interface ProposalHashData extends Omit<PendingTransaction, 'approved'> {
  readonly requester: Address | undefined
}

const proposalHashDataCodec: ValueCodec<ProposalHashData> = tupleCodec({
  requester: optionalCodec(addressCodec),
  to: addressCodec,
  value: tokenAmountCodec,
  method: u64Codec,
  params: bytesCodec,
})

const MAP_OPTIONS = { name: 'pending transactions', value: pendingTransactionCodec } as const

/** Pending transactions by id. Whatever is wrong with them fails with USR_ILLEGAL_STATE. */
export class PendingTransactions {
  readonly #map: ActorMap<PendingTransaction>

  private constructor(map: ActorMap<PendingTransaction>) {
    this.#map = map
  }

  /** None. */
  static create(state: StateAccess): PendingTransactions {
    return new PendingTransactions(ActorMap.create(state, MAP_OPTIONS))
  }

  /** Those of a state. @throws {ActorError} */
  static load(state: StateAccess, root: Cid): PendingTransactions {
    return new PendingTransactions(ActorMap.load(state, root, MAP_OPTIONS))
  }

  /** @throws {ActorError} */
  get(id: bigint): PendingTransaction | undefined {
    return this.#map.get(encodeSignedVarint(id))
  }

  /** @throws {ActorError} */
  set(id: bigint, transaction: PendingTransaction): void {
    this.#map.set(encodeSignedVarint(id), transaction)
  }

  /** Takes a transaction out, and gives it. @throws {ActorError} */
  take(id: bigint): PendingTransaction | undefined {
    return this.#map.take(encodeSignedVarint(id))
  }

  /** Writes what has changed, and gives the root. @throws {ActorError} */
  flush(): Cid {
    return this.#map.flush()
  }

  /** Takes back all approvals of a signer. A transaction that nobody approves any more is dropped. @throws {ActorError} */
  purgeApprovals(signer: Address): void {
    for (const [key, transaction] of this.#map.entries()) {
      const approved = transaction.approved.filter((other) => !addressEquals(other, signer))
      if (approved.length === transaction.approved.length) continue
      if (approved.length > 0) this.#map.set(key, { ...transaction, approved })
      else this.#map.delete(key)
    }
  }
}

/** Whether an address is in a list. */
export function includes(addresses: readonly Address[], address: Address): boolean {
  return addresses.some((other) => addressEquals(other, address))
}

/** What the hash of a proposal, blake2b-256, is made over: `[first approver or null, to, value, method, params]`. */
export function proposalHashInput(transaction: PendingTransaction): Uint8Array<ArrayBuffer> {
  return encodeValue(proposalHashDataCodec, { ...transaction, requester: transaction.approved[0] })
}

/** What is still locked when so many epochs have passed since the start: the share of the remaining ones, rounded up. */
export function amountLocked(state: MultisigState, elapsedEpochs: bigint): TokenAmount {
  const { initialBalance, unlockDuration } = state
  if (elapsedEpochs >= unlockDuration) return 0n
  if (elapsedEpochs <= 0n) return initialBalance
  const numerator = initialBalance * (unlockDuration - elapsedEpochs)
  // Division cuts towards zero, so that of a positive number needs the correction; a lock is never negative.
  return numerator / unlockDuration + (numerator % unlockDuration > 0n ? 1n : 0n)
}

/**
 * Checks that a multisig may spend an amount now.
 * @throws {ActorError} USR_ILLEGAL_ARGUMENT where it is negative; USR_INSUFFICIENT_FUNDS where the balance, or what is not locked of it, is less;
 *   USR_ASSERTION_FAILED where the epochs since the start do not fit 64 bits
 */
export function checkAvailable(
  state: MultisigState,
  balance: TokenAmount,
  amount: TokenAmount,
  epoch: bigint,
): void {
  if (amount < 0n) fail(ExitCode.USR_ILLEGAL_ARGUMENT, `the amount to spend ${amount} is negative`)
  if (balance < amount)
    fail(ExitCode.USR_INSUFFICIENT_FUNDS, `the balance ${balance} is less than the amount to spend ${amount}`)
  // What sends no value is allowed, even where more is locked than there is.
  if (amount === 0n) return
  const elapsed = epoch - state.startEpoch
  if (BigInt.asIntN(64, elapsed) !== elapsed)
    fail(ExitCode.USR_ASSERTION_FAILED, 'the epochs since the start overflow')
  const locked = amountLocked(state, elapsed)
  if (balance - amount < locked)
    fail(
      ExitCode.USR_INSUFFICIENT_FUNDS,
      `the balance ${balance} without ${amount} is less than the locked ${locked}`,
    )
}
