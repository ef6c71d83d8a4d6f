/**
 * @module Filecoin's own precompiles, at `0xfe00..01` to `06`: addresses, calls of any actor by its method number, and randomness. The fourth is disabled.
 *
 * Source: builtin-actors v18 actors/evm/src/interpreter/precompiles/fvm.rs.
 */
import { Abort, type Address, decodeAddress, ExitCode, idAddress, METHOD_SEND } from '@troupe/hypervisor'
import { CBOR } from '@troupe/ipld'
import { ActorError, isDataError, type Send, type SentBlock } from '@troupe/runtime-native'
import type { CallKind } from '../interpreter/host.ts'
import { AbiReader, writeAbi } from './abi-reader.ts'
import type { Contract } from './contract.ts'
import { gasOfCallee } from './contract-calls.ts'
import { MAX_RESERVED_METHOD } from './evm-method.ts'
import { MEMORY_LIMIT, ROOM } from './fvm-gas.ts'

/** How a precompile is called. */
export interface PrecompileCall {
  readonly kind: CallKind
  /** As the code asked for it. */
  readonly gas: number
  readonly input: Uint8Array
}

/** A precompile: what it gives, or `undefined` where it fails, which is a call that fails without output. */
export type NativePrecompile = (contract: Contract, call: PrecompileCall) => Uint8Array | undefined

/** Filecoin's precompiles by number. */
export const NATIVE_PRECOMPILES: ReadonlyMap<number, NativePrecompile> = new Map([
  [1, resolveAddress],
  [2, lookupDelegatedAddress],
  [3, callActorByAddress],
  [5, callActorById],
  [6, getRandomness],
] satisfies [number, NativePrecompile][])

const EMPTY = new Uint8Array()
const WORD = 32n
const MODULUS = 1n << 256n
const READ_ONLY = 1n
/** Most bytes of an address. */
const MAX_ADDRESS_LENGTH = 65
const MAX_OFFSET = 2n ** 32n - 1n
/** Most bytes that a program of 32 bits asks for at once. */
const MAX_ALLOCATION = 2 ** 31 - 1
/** What an actor has at most for parameters; longer ones cannot be made a block, and are cut here. */
const MAX_PARAMETERS = 1_048_577

/** Input: an address in bytes. Output: its id as a word, or nothing. */
function resolveAddress({ context }: Contract, { input }: PrecompileCall): Uint8Array | undefined {
  const address = addressOf(input)
  if (address === undefined) return undefined
  const id = context.actors.resolve(address)
  return id === undefined ? EMPTY : writeAbi([id], EMPTY)
}

/** Input: an id (u64). Output: the actor's f4 address in bytes, or nothing. */
function lookupDelegatedAddress({ context }: Contract, { input }: PrecompileCall): Uint8Array | undefined {
  return orFailure(() => {
    const address = context.actors.delegatedAddress(new AbiReader(input).uint(64))
    return address === undefined ? EMPTY : address.bytes
  })
}

function callActorByAddress(contract: Contract, call: PrecompileCall): Uint8Array | undefined {
  return callActor(contract, call, false)
}

function callActorById(contract: Contract, call: PrecompileCall): Uint8Array | undefined {
  return callActor(contract, call, true)
}

/** Input: an epoch (i64). Output: the beacon's 32 bytes. */
function getRandomness({ context }: Contract, { input }: PrecompileCall): Uint8Array | undefined {
  return orFailure(() => context.randomness.beaconDigest(BigInt.asIntN(64, new AbiReader(input).uint(64))))
}

/**
 * Calls an actor in the name of the contract; only by DELEGATECALL.
 *
 * Input: method (u64), value, flags (u64: 1 read-only), codec (u64: 0x51 for CBOR, 0 for no parameters), parameters (bytes), and the address (bytes) or the
 * id (u64). Output: exit code, or the number of the error negated where no call could be made; codec; what was returned (bytes).
 */
function callActor(
  contract: Contract,
  { kind, gas, input }: PrecompileCall,
  isById: boolean,
): Uint8Array | undefined {
  if (kind !== 'delegatecall') return undefined
  const call = orFailure(() => readCall(contract, input, isById))
  if (call === undefined) return undefined
  const gasLimit = gasOfCallee(contract, gas)
  const result = orFailure(() => contract.attempt({ ...call, gasLimit }))
  if (result === undefined) return undefined
  const { data: returned } = result.error === undefined ? result : { data: undefined }
  const exit = result.error === undefined ? BigInt(result.exitCode) : MODULUS - BigInt(result.error)
  const { codec = 0, data = EMPTY } = returned ?? {}
  return writeAbi([exit, BigInt(codec), 3n * WORD, BigInt(data.length)], data)
}

/** The call that an input describes; `undefined` where it is none. @throws {ActorError} for numbers that are too large */
function readCall(contract: Contract, input: Uint8Array, isById: boolean): Send | undefined {
  const reader = new AbiReader(input)
  const method = reader.uint(64)
  const value = reader.word()
  const flags = reader.uint(64)
  if (flags > READ_ONLY) return undefined
  const codec = reader.uint(64)
  const parametersAt = Number(reader.uint(32))
  const target = reader.uint(64)
  reader.seek(parametersAt)
  const length = Number(reader.uint(32))
  makeRoom(contract, length - reader.left, length)
  const data = reader.bytes(Math.min(length, MAX_PARAMETERS))
  const to = isById ? idAddress(target) : readAddress(contract, reader, target)
  if (to === undefined || (method <= MAX_RESERVED_METHOD && method !== METHOD_SEND)) return undefined
  if (codec !== BigInt(CBOR) && (codec !== 0n || data.length > 0)) return undefined
  const parameters: SentBlock | undefined = codec === 0n ? undefined : { codec: CBOR, data }
  return { to, method, value, parameters, readOnly: flags === READ_ONLY }
}

function readAddress(contract: Contract, reader: AbiReader, offset: bigint): Address | undefined {
  if (offset > MAX_OFFSET) return undefined
  reader.seek(Number(offset))
  const length = Number(reader.uint(32))
  makeRoom(contract, length - reader.left, length)
  return length > MAX_ADDRESS_LENGTH ? undefined : addressOf(reader.bytes(length))
}

/**
 * Where not all bytes are in the input, the actor makes room for as many as it was told of before it looks at them, and ends where it cannot.
 *
 * @throws {Abort} with exit code 24 for more than a program can ask for, 4 for more than there is
 */
function makeRoom({ context }: Contract, missing: number, length: number): void {
  if (missing <= 0) return
  if (length > MAX_ALLOCATION) context.panic('a length that no memory has')
  const growth = length > ROOM.spare ? length : 0
  context.gas.work(growth * ROOM.growth)
  if (growth > MEMORY_LIMIT || !context.syscalls.kernel.memory.grow(growth))
    throw new Abort(ExitCode.SYS_ILLEGAL_INSTRUCTION, 'there is not as much memory')
  context.gas.work(length * ROOM.fill)
}

function addressOf(bytes: Uint8Array): Address | undefined {
  try {
    return decodeAddress(bytes)
  } catch (error) {
    if (isDataError(error)) return undefined
    throw error
  }
}

/** What `run` gives; `undefined` where it fails. */
function orFailure<T>(run: () => T): T | undefined {
  try {
    return run()
  } catch (error) {
    if (error instanceof ActorError) return undefined
    throw error
  }
}
