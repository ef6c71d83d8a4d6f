/** @module Syscalls of the module `self`: the invoked actor's own record. */
import type { Cid } from '@troupe/ipld'
import type { ActorState } from '../actor/actor-state.ts'
import { ErrorNumber } from '../actor/error-number.ts'
import type { TokenAmount } from '../actor/token-amount.ts'
import type { Address } from '../address/address.ts'
import { BURNT_FUNDS_ACTOR_ID } from '../address/singletons.ts'
import { deleteActor, getActor, resolveAddress, setActor, transfer } from '../call-manager/accounts.ts'
import { OutOfGas, orFatalSyscall, ProtocolFatal, SyscallError } from './errors.ts'
import type { Kernel } from './kernel.ts'
import { syscallAmount } from './syscall-amount.ts'

/** `self.root`. @throws {SyscallError} IllegalOperation where the actor has deleted itself */
export function root(kernel: Kernel): Cid {
  kernel.calls.charge('OnActorGetRoot', kernel.rules.prices.onRoot())
  const { head } = ownRecord(kernel)
  if (kernel.rules.tracksLinks) kernel.blocks.markReachable(head)
  return head
}

/**
 * `self.set_root`.
 * @throws {SyscallError} ReadOnly; NotFound for a block that the invocation cannot reach; IllegalOperation where the actor has deleted itself
 */
export function setRoot(kernel: Kernel, head: Cid): void {
  refuseReadOnly(kernel, 'update its state')
  kernel.calls.charge('OnActorSetRoot', kernel.rules.prices.onSetRoot())
  if (kernel.rules.tracksLinks && !kernel.blocks.isReachable(head))
    throw new SyscallError(ErrorNumber.NotFound, `the actor cannot reach ${head}`)
  setActor(kernel.calls, kernel.context.receiver, { ...ownRecord(kernel), head })
}

/** `self.current_balance`: 0 where the actor has deleted itself. */
export function currentBalance(kernel: Kernel): { value: TokenAmount } {
  return { value: syscallAmount(ownBalance(kernel)) }
}

/**
 * `self.self_destruct` (up to generation 3): sends the balance to the beneficiary and deletes the actor. Once it is gone, nothing more happens.
 * @throws {SyscallError} ReadOnly; NotFound for a beneficiary without an id; Forbidden for the actor itself
 */
export function selfDestruct(kernel: Kernel, beneficiary: Address): void {
  refuseReadOnly(kernel, 'delete itself')
  const { calls, context } = kernel
  calls.charge('OnDeleteActor', kernel.rules.prices.onDeleteActor())
  const balance = ownBalance(kernel)
  if (balance !== 0n) {
    const to = resolveAddress(calls, beneficiary)
    if (to === undefined) throw new SyscallError(ErrorNumber.NotFound, 'the beneficiary does not exist')
    if (to === context.receiver)
      throw new SyscallError(ErrorNumber.Forbidden, 'an actor cannot be its own beneficiary')
    transfer(calls, context.receiver, to, balance)
  }
  deleteActor(calls, context.receiver)
}

/**
 * `self.self_destruct` (generation 4): deletes the actor, and burns its balance if it is told to. Once it is gone, nothing more happens.
 * @throws {SyscallError} ReadOnly; IllegalOperation where there is a balance that it may not burn
 * @throws {ProtocolFatal} where the balance cannot be moved, for lack of gas too
 */
export function selfDestructOrBurn(kernel: Kernel, burnUnspent: number): void {
  refuseReadOnly(kernel, 'delete itself')
  const { calls, context } = kernel
  calls.charge('OnDeleteActor', kernel.rules.prices.onDeleteActor())
  const balance = ownBalance(kernel)
  if (balance !== 0n) {
    if (burnUnspent === 0)
      throw new SyscallError(ErrorNumber.IllegalOperation, `there are ${balance} attoFIL left`)
    try {
      orFatalSyscall(() => transfer(calls, context.receiver, BURNT_FUNDS_ACTOR_ID, balance))
    } catch (error) {
      if (error instanceof OutOfGas) throw new ProtocolFatal('there is no gas left to burn the balance')
      throw error
    }
  }
  deleteActor(calls, context.receiver)
}

/** @throws {SyscallError} ReadOnly */
export function refuseReadOnly(kernel: Kernel, what: string): void {
  if (kernel.context.readOnly) throw new SyscallError(ErrorNumber.ReadOnly, `a read-only call cannot ${what}`)
}

function ownBalance(kernel: Kernel): TokenAmount {
  return getActor(kernel.calls, kernel.context.receiver)?.balance ?? 0n
}

function ownRecord(kernel: Kernel): ActorState {
  const state = getActor(kernel.calls, kernel.context.receiver)
  if (state === undefined) throw new SyscallError(ErrorNumber.IllegalOperation, 'the actor has been deleted')
  return state
}
