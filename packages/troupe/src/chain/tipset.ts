import type { Cid } from '@troupe/ipld'
import type { BlockHeader } from './block-header.ts'

/** A block of a local chain, which has one block a tipset, with what its execution gave. */
export interface Tipset {
  /** The block's CID. */
  readonly cid: Cid
  /** The CID of the tipset; see `tipsetKeyCid`. */
  readonly key: Cid
  readonly header: BlockHeader
  /** The state after its messages. A Filecoin header has it only as the parent state root of the next block. */
  readonly stateRoot: Cid
  /** The receipts of its messages. */
  readonly receiptsRoot: Cid
  /** An ancestor by which others are found; see `ancestors.ts`. */
  readonly ancestor: Cid | undefined
}
