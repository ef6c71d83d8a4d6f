/** @module Reading and writing actors' records within a message, with the charges for it; transfers; and what a send to a new address creates. */
import type { Cid } from '@troupe/ipld'
import type { ActorState } from '../actor/actor-state.ts'
import { ErrorNumber } from '../actor/error-number.ts'
import type { TokenAmount } from '../actor/token-amount.ts'
import { type ActorId, type Address, AddressProtocol, isBlsZeroAddress } from '../address/address.ts'
import { ETHEREUM_ADDRESS_MANAGER_ACTOR_ID } from '../address/singletons.ts'
import { orFatal, ProtocolFatal, SyscallError } from '../kernel/errors.ts'
import { Access } from './access-tracker.ts'
import type { CallManager } from './call-manager.ts'

/** The actor's record, or `undefined` where there is none. Charges its first touch in the message. */
export function getActor(calls: CallManager, id: ActorId): ActorState | undefined {
  if (calls.access.actor(id) < Access.READ) calls.charge('OnActorLookup', calls.prices.onActorLookup())
  const state = orFatal(() => calls.machine.state.getActor(id))
  calls.access.recordRead(id)
  return state
}

/** Writes an actor's record. Charges its first touch and its first update in the message. */
export function setActor(calls: CallManager, id: ActorId, state: ActorState): void {
  chargeUpdate(calls, id)
  calls.machine.state.setActor(id, state)
  calls.access.recordUpdate(id)
}

/** Removes an actor, with the charges of {@link setActor}. */
export function deleteActor(calls: CallManager, id: ActorId): void {
  chargeUpdate(calls, id)
  calls.machine.state.deleteActor(id)
  calls.access.recordUpdate(id)
}

function chargeUpdate(calls: CallManager, id: ActorId): void {
  const access = calls.access.actor(id)
  if (access < Access.READ) calls.charge('OnActorLookup', calls.prices.onActorLookup())
  if (access < Access.UPDATED) calls.charge('OnActorUpdate', calls.prices.onActorUpdate())
}

/** The id of an address, or `undefined` where it has none. An id-address is its own, whether or not there is such an actor. */
export function resolveAddress(calls: CallManager, address: Address): ActorId | undefined {
  if (address.id !== undefined) return address.id
  return orFatal(() => calls.machine.state.lookupId(address))
}

/**
 * Moves tokens from one actor to another.
 * @throws {SyscallError} IllegalArgument for a negative value; InsufficientFunds, also where the sender does not exist; NotFound where the receiver does not
 */
export function transfer(calls: CallManager, from: ActorId, to: ActorId, value: TokenAmount): void {
  if (value < 0n)
    throw new SyscallError(ErrorNumber.IllegalArgument, `a transfer cannot be negative (${value})`)
  const sender = getActor(calls, from)
  if (sender === undefined || sender.balance < value)
    throw new SyscallError(
      ErrorNumber.InsufficientFunds,
      `f0${from} has ${sender?.balance ?? 0n} attoFIL and cannot transfer ${value}`,
    )
  if (from === to) return
  const receiver = getActor(calls, to)
  if (receiver === undefined)
    throw new SyscallError(ErrorNumber.NotFound, `the receiver of the transfer, f0${to}, does not exist`)
  setActor(calls, from, { ...sender, balance: sender.balance - value })
  setActor(calls, to, { ...receiver, balance: receiver.balance + value })
}

/**
 * Creates what a send to an unknown address creates: an account for a key address (its constructor runs), a placeholder for an Ethereum address, or one of
 * another namespace that the rules name.
 * @throws {SyscallError} NotFound for any other address; ReadOnly; IllegalArgument for the BLS zero address
 */
export function createFromSend(calls: CallManager, address: Address, readOnly: boolean): ActorId {
  if (address.protocol === AddressProtocol.SECP256K1 || address.protocol === AddressProtocol.BLS) {
    refuseReadOnly(readOnly, address)
    return createAccount(calls, address)
  }
  if (hasPlaceholders(calls, address)) {
    refuseReadOnly(readOnly, address)
    return createAt(calls, address, newActor(calls, requiredCode(calls, 'placeholder'), address))
  }
  throw new SyscallError(ErrorNumber.NotFound, 'the receiver does not exist, and cannot be created')
}

function hasPlaceholders(calls: CallManager, { namespace }: Address): boolean {
  if (namespace === undefined) return false
  const others = calls.machine.rules.abstractAccounts?.namespaces
  return namespace === ETHEREUM_ADDRESS_MANAGER_ACTOR_ID || others?.has(namespace) === true
}

function createAccount(calls: CallManager, address: Address): ActorId {
  const { rules } = calls.machine
  if (rules.creationChargedFirst) chargeCreation(calls)
  if (isBlsZeroAddress(address))
    throw new SyscallError(ErrorNumber.IllegalArgument, 'the BLS zero address cannot have an account')
  const state = newActor(calls, requiredCode(calls, 'account'))
  const id = createAt(calls, address, state, rules.creationChargedFirst)
  calls.construct(id, address)
  return id
}

function createAt(calls: CallManager, address: Address, state: ActorState, isCharged = false): ActorId {
  if (!isCharged) chargeCreation(calls)
  const id = orFatal(() => calls.machine.state.registerAddress(address))
  setActor(calls, id, state)
  return id
}

/** An actor with no state, no tokens and no history. */
export function newActor(calls: CallManager, code: Cid, delegatedAddress?: Address): ActorState {
  const actor = { code, head: calls.machine.emptyTuple, sequence: 0n, balance: 0n }
  return delegatedAddress === undefined ? actor : { ...actor, delegatedAddress }
}

function chargeCreation(calls: CallManager): void {
  calls.charge('OnCreateActor', calls.prices.onCreateActor() + calls.prices.onAddressAssignment())
}

function requiredCode(calls: CallManager, name: string): Cid {
  const code = calls.machine.manifest.code(name)
  if (code === undefined) throw new ProtocolFatal(`the manifest has no ${name} actor`)
  return code
}

function refuseReadOnly(readOnly: boolean, address: Address): void {
  if (readOnly)
    throw new SyscallError(
      ErrorNumber.ReadOnly,
      `a read-only call cannot create an actor (f${address.protocol} address)`,
    )
}
