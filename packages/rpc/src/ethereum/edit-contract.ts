/** @module Changes of contracts that no transaction made: their code, storage and nonce, and contracts where there are none. */
import type { Address, Machine } from '@troupe/hypervisor'
import { type Blockstore, CborStore, CborWriter, type Cid, cidKey, DAG_CBOR, Kamt, RAW } from '@troupe/ipld'
import type { EditRequest } from 'troupe'
import { RpcError } from '../errors.ts'
import {
  CONTRACT_STATE_FIELDS,
  type ContractState,
  readContractState,
  STORAGE_FORM,
} from './contract-state.ts'

/** An edit with the blocks that it needs. */
export interface ContractEdit {
  readonly edit: EditRequest
  readonly blocks: readonly (readonly [Cid, Uint8Array])[]
}

/** What is changed of a contract. */
export interface ContractChange {
  readonly code?: Uint8Array
  readonly nonce?: bigint
  /** Words by their keys; zero takes one away. */
  readonly storage?: readonly (readonly [key: bigint, value: bigint])[]
  /** Whether there is no other storage than that. */
  readonly clearsStorage?: boolean
}

/** Blocks that an edit brings, over those of the chain. */
class EditBlocks implements Blockstore {
  readonly written = new Map<string, readonly [Cid, Uint8Array]>()
  readonly #base: Blockstore

  constructor(base: Blockstore) {
    this.#base = base
  }

  get(cid: Cid): Uint8Array | undefined {
    return this.written.get(cidKey(cid))?.[1] ?? this.#base.get(cid)
  }

  has(cid: Cid): boolean {
    return this.get(cid) !== undefined
  }

  put(cid: Cid, bytes: Uint8Array): void {
    this.written.set(cidKey(cid), [cid, bytes])
  }
}

/**
 * What makes a contract what it is to be. An address without a contract becomes one.
 * @param machine on the state that is edited; it stays as it is
 * @throws {RpcError} rpc/failed where the network has no contracts
 */
export function contractEdit(machine: Machine, address: Address, change: ContractChange): ContractEdit {
  const { crypto, manifest, state } = machine
  const code = manifest.code('evm')
  if (code === undefined) throw new RpcError('rpc/failed', 'this network has no contracts')
  const blocks = new EditBlocks(machine.blocks)
  const store = new CborStore(blocks, crypto)
  const id = state.lookupId(address)
  const actor = id === undefined ? undefined : state.getActor(id)
  const isContract = actor !== undefined && manifest.is('evm', actor.code)
  const old = isContract ? readContractState(store, actor.head) : emptyContract(store)
  const bytecode = change.code === undefined ? old.bytecode : store.putBlock(RAW, change.code)
  const bytecodeHash = change.code === undefined ? old.bytecodeHash : store.crypto.keccak256(change.code)
  const storage =
    change.clearsStorage === true
      ? Kamt.create(store, STORAGE_FORM)
      : Kamt.load(store, old.storage, STORAGE_FORM)
  for (const [key, value] of change.storage ?? [])
    if (value === 0n) storage.delete(key)
    else storage.set(key, value)
  const head = store.putBlock(
    DAG_CBOR,
    new CborWriter()
      .array(CONTRACT_STATE_FIELDS)
      .cid(bytecode)
      .bytes(bytecodeHash)
      .cid(storage.flush())
      .null()
      .uint(change.nonce ?? old.nonce)
      .null()
      .finish(),
  )
  return { edit: { address, code, head }, blocks: [...blocks.written.values()] }
}

function emptyContract(store: CborStore): ContractState {
  const none = new Uint8Array()
  return {
    bytecode: store.putBlock(RAW, none),
    bytecodeHash: store.crypto.keccak256(none),
    storage: Kamt.create(store, STORAGE_FORM).flush(),
    nonce: 1n,
    isDestroyed: false,
  }
}
