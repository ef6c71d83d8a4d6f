import {
  type ActorId,
  type ActorState,
  actorStateCodec,
  decodeAddress,
  loadStateRoot,
} from '@troupe/hypervisor'
import { CborReader, type CborStore, type Cid, IpldError, MAJOR_TAG } from '@troupe/ipld'

/** The actors of a state tree, as far as its blocks are there. */
export interface KnownActors {
  /** Version of the state root. */
  readonly version: number
  /** By id, in the order of the tree. */
  readonly actors: ReadonlyMap<ActorId, ActorState>
  /** Links of the tree whose blocks are not there. */
  readonly missing: number
}

/** The version of state roots from which on actors have a delegated address. */
const FIVE_FIELDS_VERSION = 5
/** Levels that a tree of 256-bit hashes can have, five bits at each. */
const MAX_DEPTH = 52

/**
 * Reads what is there of a state tree: vectors hold the blocks that their message needs, and no others. The shape of nodes is the
 * HAMT's (`[bitfield, [link or bucket, ...]]`); their places are not checked.
 *
 * @throws {IpldError} blockstore/absent where the root is not there; cbor/… where a block is no part of a state tree
 * @throws {HypervisorError} address/malformed, actor-state/malformed
 */
export function readKnownActors(store: CborStore, root: Cid): KnownActors {
  const { version, actors: top } = loadStateRoot(store, root)
  const codec = actorStateCodec(version >= FIVE_FIELDS_VERSION ? 5 : 4)
  const actors = new Map<ActorId, ActorState>()
  let missing = 0
  const visit = (cid: Cid, depth: number): void => {
    if (depth > MAX_DEPTH) throw new IpldError('hamt/max-depth', `more than ${MAX_DEPTH} levels`)
    const block = store.blocks.get(cid)
    if (block === undefined) {
      missing++
      return
    }
    const reader = new CborReader(block)
    reader.tuple(2)
    reader.bytes()
    for (let pointers = reader.array(); pointers > 0; pointers--) {
      if (reader.peekMajor() === MAJOR_TAG) {
        visit(reader.cid(), depth + 1)
        continue
      }
      for (let entries = reader.array(); entries > 0; entries--) {
        reader.tuple(2)
        const { id } = decodeAddress(reader.bytes())
        const actor = codec.decode(reader)
        if (id !== undefined) actors.set(id, actor)
      }
    }
    reader.end()
  }
  visit(top, 0)
  return { version, actors, missing }
}
