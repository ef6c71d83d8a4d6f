import {
  CborReader,
  type CborStore,
  CborWriter,
  type Cid,
  DAG_CBOR,
  IpldError,
  type ValueCodec,
} from '@troupe/ipld'
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
 * Shape: DAG-CBOR tuple `[address map CID, next id, network name]`; the map is a HAMT (bit width 5, SHA-256) from address bytes to ids. Where users install
 * code, `[..., installed actors CID]`: a DAG-CBOR array of code CIDs, in the order in which they were installed.
 * Source: ref-fvm release/v3 and master fvm/src/init_actor.rs; builtin-actors experimental/fvm-m2 actors/init/src/state.rs.
 */
export interface InitState {
  readonly addressMap: Cid
  readonly nextId: ActorId
  readonly networkName: string
  /** The list of installed code; absent on networks without user actors. */
  readonly installedActors?: Cid
}

/**
 * Reads the init actor's state.
 * @param userActors whether the state may have a list of installed code
 * @throws {IpldError}
 */
export function loadInitState(store: CborStore, head: Cid, userActors = false): InitState {
  const reader = new CborReader(store.getBlock(head))
  const arity = reader.array()
  if (arity !== 3 && !(arity === 4 && userActors))
    throw new IpldError('cbor/unexpected-type', `an init actor's state of ${arity} fields`)
  const state = { addressMap: reader.cid(), nextId: reader.uint64(), networkName: reader.text() }
  const list = arity === 4 ? { installedActors: reader.cid() } : {}
  reader.end()
  return { ...state, ...list }
}

/** Writes the init actor's state, and gives its CID. */
export function storeInitState(store: CborStore, state: InitState): Cid {
  const { addressMap, nextId, networkName, installedActors } = state
  const writer = new CborWriter().array(installedActors === undefined ? 3 : 4)
  writer.cid(addressMap).uint(nextId).text(networkName)
  if (installedActors !== undefined) writer.cid(installedActors)
  return store.putBlock(DAG_CBOR, writer.finish())
}

/** Reads a list of installed code. @throws {IpldError} */
export function loadInstalledActors(store: CborStore, list: Cid): Cid[] {
  const reader = new CborReader(store.getBlock(list))
  const codes: Cid[] = []
  for (let rest = reader.array(); rest > 0; rest--) codes.push(reader.cid())
  reader.end()
  return codes
}

/** Writes a list of installed code, and gives its CID. */
export function storeInstalledActors(store: CborStore, codes: readonly Cid[]): Cid {
  const writer = new CborWriter().array(codes.length)
  for (const code of codes) writer.cid(code)
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
