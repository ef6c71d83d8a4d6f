/** @module Syscalls of the module `actor`: other actors' records, addresses and codes, and the creation of actors. */
import { CborReader, CborWriter, type Cid } from '@troupe/ipld'
import type { ActorState } from '../actor/actor-state.ts'
import { ErrorNumber } from '../actor/error-number.ts'
import type { TokenAmount } from '../actor/token-amount.ts'
import {
  type ActorId,
  type Address,
  AddressProtocol,
  actorAddress,
  addressEquals,
  readAddress,
} from '../address/address.ts'
import { INIT_ACTOR_ID } from '../address/singletons.ts'
import { getActor, newActor, resolveAddress as resolve, setActor } from '../call-manager/accounts.ts'
import type { CallManager } from '../call-manager/call-manager.ts'
import { orFatal, orFatalSyscall, ProtocolFatal, SyscallError } from './errors.ts'
import type { Kernel } from './kernel.ts'
import { refuseReadOnly } from './self.ts'
import { syscallAmount } from './syscall-amount.ts'

/** Built-in actors of generation 2 that cannot be created again; datacap is missing from the reference's list too. */
const SINGLETONS: readonly string[] = [
  'system',
  'init',
  'reward',
  'cron',
  'storagepower',
  'storagemarket',
  'verifiedregistry',
]

/** `actor.resolve_address`. @throws {SyscallError} NotFound */
export function resolveAddress(kernel: Kernel, address: Address): { value: ActorId } {
  const id = resolve(kernel.calls, address)
  if (id === undefined) throw notFound('the address')
  return { value: id }
}

/** `actor.lookup_delegated_address` (generation 3): `undefined` where the actor has none. @throws {SyscallError} NotFound */
export function lookupDelegatedAddress(kernel: Kernel, id: ActorId): Address | undefined {
  return existing(kernel, id).delegatedAddress
}

/** `actor.get_actor_code_cid`. @throws {SyscallError} NotFound */
export function getActorCodeCid(kernel: Kernel, id: ActorId): Cid {
  return existing(kernel, id).code
}

/** `actor.balance_of` (generation 3). @throws {SyscallError} NotFound */
export function balanceOf(kernel: Kernel, id: ActorId): { value: TokenAmount } {
  return { value: syscallAmount(existing(kernel, id).balance) }
}

/** `actor.get_builtin_actor_type`: 0 for none. */
export function getBuiltinActorType(kernel: Kernel, code: Cid): { value: number } {
  return { value: kernel.calls.machine.manifest.typeOf(code) }
}

/** `actor.get_code_cid_for_type`. @throws {SyscallError} IllegalArgument */
export function getCodeCidForType(kernel: Kernel, type: number): Cid {
  const code = kernel.calls.machine.manifest.codeOf(type)
  if (code === undefined)
    throw new SyscallError(ErrorNumber.IllegalArgument, `there is no built-in actor of type ${type}`)
  return code
}

/**
 * `actor.next_actor_address` (generation 3): the f2 address that the next actor created by this message gets.
 *
 * Shape of what is hashed: CBOR byte string of the origin's address as in the message, sequence (u64, big-endian), number of actors created so far (u64, big-endian).
 */
export function nextActorAddress(kernel: Kernel): Address {
  const { calls } = kernel
  return newAddress(calls, calls.origin.address, calls.actorsCreated)
}

/** `actor.new_actor_address` (generation 2): a new f2 address from the origin's key address; every call gives another. */
export function newActorAddress(kernel: Kernel): Address {
  const { calls } = kernel
  const { origin } = calls
  const key = orFatalSyscall(() => keyAddress(kernel, origin.address, false))
  return newAddress(calls, key, calls.actorsCreated++)
}

/**
 * `actor.create_actor` (generation 3): the init actor makes an actor, or turns a placeholder into one.
 * @throws {SyscallError} Forbidden for any other caller, an existing actor, a placeholder with another address, or placeholder code; ReadOnly; NotFound for
 * code that is neither built in nor installed, where users install code: the number with which the reference fails the call of the constructor
 */
export function createActor(
  kernel: Kernel,
  id: ActorId,
  code: Cid,
  delegatedAddress: Address | undefined,
): void {
  if (kernel.context.receiver !== INIT_ACTOR_ID) throw forbidden('only the init actor creates actors')
  refuseReadOnly(kernel, 'create an actor')
  const { calls } = kernel
  const { manifest } = calls.machine
  if (manifest.is('placeholder', code)) throw forbidden('a placeholder cannot be created explicitly')
  if (!orFatal(() => calls.machine.mayRun(code))) throw notFound(`the code ${code}`)
  setActor(calls, id, createdRecord(calls, getActor(calls, id), code, delegatedAddress))
  calls.actorsCreated++
}

/** `actor.create_actor` (generation 2). @throws {SyscallError} Forbidden for code that is not built in, singletons and existing actors */
export function createBuiltinActor(kernel: Kernel, id: ActorId, code: Cid): void {
  const { calls } = kernel
  const { manifest } = calls.machine
  if (manifest.typeOf(code) === 0) throw forbidden('only built-in actors can be created')
  const singleton = SINGLETONS.find((name) => manifest.is(name, code))
  if (singleton !== undefined) throw forbidden(`there can be only one ${singleton} actor`)
  if (getActor(calls, id) !== undefined) throw forbidden(`f0${id} exists already`)
  calls.charge('OnCreateActor', kernel.rules.prices.onCreateActor())
  setActor(calls, id, newActor(calls, code))
}

/**
 * The key address of an account, as generation 2 resolves it.
 * @param isCharged whether opening the account's state is charged
 * @throws {SyscallError} NotFound; IllegalArgument where the actor is no account
 */
export function keyAddress(kernel: Kernel, address: Address, isCharged: boolean): Address {
  if (address.protocol === AddressProtocol.SECP256K1 || address.protocol === AddressProtocol.BLS)
    return address
  const { calls } = kernel
  const { machine, prices } = calls
  const id = resolve(calls, address)
  const actor = id === undefined ? undefined : getActor(calls, id)
  if (actor === undefined) throw notFound('the actor')
  if (!machine.manifest.is('account', actor.code))
    throw new SyscallError(ErrorNumber.IllegalArgument, 'the actor is not an account')
  if (isCharged) calls.charge('OnBlockOpenBase', prices.onBlockOpenBase())
  const state = machine.blocks.get(actor.head)
  if (state === undefined) throw new ProtocolFatal(`missing state: ${actor.head}`)
  if (isCharged) calls.charge('OnBlockOpenPerByte', prices.onBlockOpen(state.length, 0))
  return orFatal(() => {
    const reader = new CborReader(state)
    reader.tuple(1)
    const key = readAddress(reader, { delegated: kernel.rules.delegatedAddresses })
    reader.end()
    return key
  })
}

function createdRecord(
  calls: CallManager,
  existing: ActorState | undefined,
  code: Cid,
  delegatedAddress: Address | undefined,
): ActorState {
  if (existing === undefined) {
    calls.charge('OnCreateActor', calls.prices.onCreateActor())
    return newActor(calls, code, delegatedAddress)
  }
  if (!calls.machine.manifest.is('placeholder', existing.code)) throw forbidden('the actor exists already')
  if (existing.delegatedAddress === undefined)
    throw new ProtocolFatal('a placeholder has no delegated address')
  if (delegatedAddress === undefined || !addressEquals(existing.delegatedAddress, delegatedAddress))
    throw forbidden('the placeholder has another delegated address')
  return { ...existing, code }
}

function newAddress({ machine, origin }: CallManager, from: Address, counter: bigint): Address {
  const prefix = new CborWriter().bytes(from.bytes).finish()
  const data = new Uint8Array(prefix.length + 16)
  data.set(prefix)
  const view = new DataView(data.buffer)
  view.setBigUint64(prefix.length, origin.sequence)
  view.setBigUint64(prefix.length + 8, counter)
  return actorAddress(machine.crypto, data)
}

function existing(kernel: Kernel, id: ActorId): ActorState {
  const state = getActor(kernel.calls, id)
  if (state === undefined) throw notFound(`f0${id}`)
  return state
}

function notFound(what: string): SyscallError {
  return new SyscallError(ErrorNumber.NotFound, `${what} does not exist`)
}

function forbidden(message: string): SyscallError {
  return new SyscallError(ErrorNumber.Forbidden, message)
}
