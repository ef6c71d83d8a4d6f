/** @module What a contract has: its code, its storage, and the number of contracts that it has created. Source: lotus node/impl/eth/lookup.go, transaction.go. */
import {
  type ActorState,
  type Address,
  ExitCode,
  idAddress,
  MESSAGE_VERSION,
  SYSTEM_ACTOR_ID,
} from '@troupe/hypervisor'
import { CborReader, CborWriter, decodeIpld, type IpldValue } from '@troupe/ipld'
import { BLOCK_GAS_LIMIT, type Tipset, type Troupe } from 'troupe'
import { RpcError } from '../errors.ts'
import { cborBytes } from './cbor-bytes.ts'

const GET_BYTECODE = 3n
const GET_STORAGE_AT = 5n
const WORD_LENGTH = 32

/** An actor at a moment of the chain. */
export interface PlacedActor {
  readonly address: Address
  readonly actor: ActorState
  readonly isContract: boolean
  readonly tipset: Tipset
}

/** The actor of an address after a tipset; `undefined` where there is none. */
export function findActor(
  { chain }: Pick<Troupe, 'chain'>,
  tipset: Tipset,
  address: Address,
): PlacedActor | undefined {
  const { manifest, state } = chain.machineAfter(tipset)
  const id = state.lookupId(address)
  const actor = id === undefined ? undefined : state.getActor(id)
  if (actor === undefined) return undefined
  return { address, actor, isContract: manifest.is('evm', actor.code), tipset }
}

/** The code of a contract; empty for any other actor, and where it has destroyed itself. */
export function codeOf(vm: Pick<Troupe, 'chain'>, placed: PlacedActor | undefined): Uint8Array {
  if (placed?.isContract !== true) return new Uint8Array()
  const reader = new CborReader(ask(vm, placed, GET_BYTECODE, new Uint8Array()))
  if (reader.tryNull()) return new Uint8Array()
  return vm.chain.blocks.getBlock(reader.cid())
}

/** A word of a contract's storage, 32 bytes; zero for any other actor. */
export function storageOf(
  vm: Pick<Troupe, 'chain'>,
  placed: PlacedActor | undefined,
  key: Uint8Array,
): Uint8Array {
  const word = new Uint8Array(WORD_LENGTH)
  if (placed?.isContract !== true) return word
  const params = new CborWriter().array(1).bytes(key).finish()
  const value = cborBytes(ask(vm, placed, GET_STORAGE_AT, params))
  if (value === undefined || value.length > WORD_LENGTH)
    throw new RpcError('rpc/internal', 'the contract gave something else than a word')
  word.set(value, WORD_LENGTH - value.length)
  return word
}

/** What Ethereum calls the nonce of an actor: the sequence number of an account, and of a contract one more than the contracts that it has created. */
export function nonceOf({ chain }: Pick<Troupe, 'chain'>, placed: PlacedActor | undefined): bigint {
  if (placed === undefined) return 0n
  if (!placed.isContract) return placed.actor.sequence
  const state = decodeIpld(chain.blocks.getBlock(placed.actor.head))
  const [, , , , nonce, tombstone] = Array.isArray(state) ? (state as readonly IpldValue[]) : []
  return typeof nonce === 'bigint' && tombstone === null ? nonce : 0n
}

/** Asks a contract as the system does, which nobody else may. */
function ask(
  { chain }: Pick<Troupe, 'chain'>,
  { address, tipset }: PlacedActor,
  method: bigint,
  params: Uint8Array,
): Uint8Array {
  const message = {
    version: MESSAGE_VERSION,
    from: idAddress(SYSTEM_ACTOR_ID),
    to: address,
    sequence: 0n,
    value: 0n,
    ...{ method, params },
    gasLimit: BLOCK_GAS_LIMIT,
    gasFeeCap: 0n,
    gasPremium: 0n,
  }
  const { failure, receipt } = chain.simulate(message, {}, tipset)
  if (receipt.exitCode === ExitCode.OK) return receipt.returnData
  throw new RpcError('rpc/failed', `the contract does not tell: ${failure?.message ?? receipt.exitCode}`)
}
