/** @module States as CARs: a snapshot to keep, to hand to somebody, or to begin another chain with. */
import { CodedError, type CryptoProvider } from '@troupe/crypto'
import { loadStateRoot } from '@troupe/hypervisor'
import {
  type Blockstore,
  CborStore,
  type Cid,
  DAG_CBOR,
  IpldError,
  MemoryBlockstore,
  reachableBlocks,
} from '@troupe/ipld'
import { type CarLimits, CarWriter, decodeCar } from '@troupe/ipld/car'
import { decodeBlockHeader } from '../chain/block-header.ts'
import { TroupeError } from '../errors.ts'

/** A state that was read from a CAR. */
export interface CarState {
  /** Root of the state tree. */
  readonly root: Cid
  readonly blocks: readonly (readonly [Cid, Uint8Array])[]
  /** The epoch that the state is at: of a snapshot of Filecoin the one of its first tipset, otherwise 0. */
  readonly epoch: bigint
}

/**
 * Reads a state from a CAR. Its first root is a state root, or the header of a block, as in snapshots of Filecoin's chain; then it is the state that the block
 * was executed on.
 * @throws {IpldError} car/…, blockstore/hash-mismatch
 * @throws {TroupeError} state/not-a-state where the first root is neither, or not there
 */
export function readStateCar(bytes: Uint8Array, crypto: CryptoProvider, limits?: CarLimits): CarState {
  const { blocks, roots } = decodeCar(bytes, crypto, limits)
  const store = new MemoryBlockstore()
  for (const [cid, block] of blocks) store.put(cid, block)
  const [first] = roots
  if (first === undefined) throw new TroupeError('state/not-a-state', 'the CAR has no root')
  if (isStateRoot(store, crypto, first)) return { root: first, blocks, epoch: 0n }
  const header = store.get(first)
  if (header !== undefined && first.code === DAG_CBOR) {
    const { height, parentStateRoot } = asHeader(header)
    if (isStateRoot(store, crypto, parentStateRoot)) return { root: parentStateRoot, blocks, epoch: height }
  }
  throw new TroupeError(
    'state/not-a-state',
    `the first root of the CAR, ${first}, is no state root, and no block whose state is there`,
  )
}

/**
 * Writes the blocks that a root reaches as a CAR with that root. Code of actors is among them where the store has it; blocks that are not in the store are
 * left out, as of a state that was itself imported in part.
 * @throws {IpldError} blockstore/absent where the root itself is not there
 */
export function writeStateCar(store: Blockstore, root: Cid): Uint8Array {
  if (!store.has(root)) throw new IpldError('blockstore/absent', `no block ${root}`)
  const car = new CarWriter([root])
  for (const [cid, bytes] of reachableBlocks(store, [root])) if (bytes !== undefined) car.add(cid, bytes)
  return car.finish()
}

function isStateRoot(store: Blockstore, crypto: CryptoProvider, cid: Cid): boolean {
  try {
    loadStateRoot(new CborStore(store, crypto), cid)
    return true
  } catch (error) {
    if (error instanceof CodedError) return false
    throw error
  }
}

function asHeader(bytes: Uint8Array): ReturnType<typeof decodeBlockHeader> {
  try {
    return decodeBlockHeader(bytes)
  } catch (cause) {
    if (!(cause instanceof TroupeError)) throw cause
    throw new TroupeError(
      'state/not-a-state',
      'the first root of the CAR is neither a state root nor a block header',
      { cause },
    )
  }
}
