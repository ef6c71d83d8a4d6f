import { CborReader, type CborStore, CborWriter, type Cid, DAG_CBOR, type ValueCodec } from '@troupe/ipld'
import { Hamt } from '@troupe/ipld/hamt'
import type { ActorId, Address } from '../address/address.ts'

/** Bit width of the address map, and of the state tree. */
export const HAMT_BIT_WIDTH = 5

const idCodec: ValueCodec<ActorId> = {
  encode: (writer, id) => void writer.uint(id),
  decode: (reader) => reader.uint64(),
}

/**
 * The state of the init actor, as far as the host reads and writes it.
 *
 * Shape: DAG-CBOR tuple `[address map CID, next id, network name]`; the map is a HAMT (bit width 5, SHA-256) from address bytes to ids.
 * Source: ref-fvm release/v3 fvm/src/init_actor.rs.
 */
export interface InitState {
  readonly addressMap: Cid
  readonly nextId: ActorId
  readonly networkName: string
}

/** Reads the init actor's state. @throws {IpldError} */
export function loadInitState(store: CborStore, head: Cid): InitState {
  const reader = new CborReader(store.getBlock(head))
  reader.tuple(3)
  const state = { addressMap: reader.cid(), nextId: reader.uint64(), networkName: reader.text() }
  reader.end()
  return state
}

/** Writes the init actor's state, and gives its CID. */
export function storeInitState(store: CborStore, state: InitState): Cid {
  const writer = new CborWriter().array(3).cid(state.addressMap).uint(state.nextId).text(state.networkName)
  return store.putBlock(DAG_CBOR, writer.finish())
}

/** The id that the address map has for an address. @throws {IpldError} */
export function resolveInMap(store: CborStore, addressMap: Cid, address: Address): ActorId | undefined {
  return loadMap(store, addressMap).get(address.bytes)
}

/** Gives `address` the next free id. @throws {IpldError} */
export function assignId(store: CborStore, state: InitState, address: Address): InitState {
  const map = loadMap(store, state.addressMap)
  map.set(address.bytes, state.nextId)
  // The last id is followed by the first, as in the reference.
  return { ...state, addressMap: map.flush(), nextId: BigInt.asUintN(64, state.nextId + 1n) }
}

function loadMap(store: CborStore, addressMap: Cid): Hamt<ActorId> {
  return Hamt.load(store, addressMap, { bitWidth: HAMT_BIT_WIDTH, value: idCodec })
}
