import type { Cid } from '@troupe/ipld'
import type { BlockHeader } from './block-header.ts'

/** Edits that wait for the block that is going to carry them; see `edits.ts`. */
export interface EditedHead {
  /** What the head is called with them, `[block, edits]`. */
  readonly position: Cid
  /** The state before them. */
  readonly base: Cid
  /** Their list. */
  readonly edits: Cid
}

/** A block of a local chain, which has one block a tipset, with what its execution gave. */
export interface Tipset {
  /** The block's CID. */
  readonly cid: Cid
  /** The CID of the tipset; see `tipsetKeyCid`. */
  readonly key: Cid
  readonly header: BlockHeader
  /** The state after its messages, and after the edits that wait for the next block. A Filecoin header has it only as the parent state root of the next block. */
  readonly stateRoot: Cid
  /** The receipts of its messages. */
  readonly receiptsRoot: Cid
  /** An ancestor by which others are found; see `ancestors.ts`. */
  readonly ancestor: Cid | undefined
  /** Whether actors found that they were being debugged: where it is executed again, they find the same. */
  readonly isDebugged: boolean
  /** Of a head whose state was edited: what was done. */
  readonly edited?: EditedHead | undefined
}
