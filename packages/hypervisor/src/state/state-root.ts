import { CborReader, type CborStore, CborWriter, type Cid, DAG_CBOR } from '@troupe/ipld'

/**
 * The block at the root of a state tree.
 *
 * Shape: DAG-CBOR tuple `[version, actors CID, info CID]`; `info` is an empty tuple. Source: ref-fvm release/v3 shared/src/state.rs.
 */
export interface StateRoot {
  readonly version: number
  /** HAMT of actor records. */
  readonly actors: Cid
  readonly info: Cid
}

/** Reads a state root. @throws {IpldError} */
export function loadStateRoot(store: CborStore, root: Cid): StateRoot {
  const reader = new CborReader(store.getBlock(root))
  reader.tuple(3)
  const stateRoot = { version: reader.uint(), actors: reader.cid(), info: reader.cid() }
  reader.end()
  return stateRoot
}

/** Writes a state root, and gives its CID. */
export function storeStateRoot(store: CborStore, root: StateRoot): Cid {
  return store.putBlock(
    DAG_CBOR,
    new CborWriter().array(3).uint(root.version).cid(root.actors).cid(root.info).finish(),
  )
}

/** Writes the empty tuple: the info block of a state tree, and the state of an actor that has none. */
export function storeEmptyTuple(store: CborStore): Cid {
  return store.putBlock(DAG_CBOR, new CborWriter().array(0).finish())
}
