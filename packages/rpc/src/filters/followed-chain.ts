import { cidEquals } from '@troupe/ipld'
import type { Chain, Tipset } from 'troupe'

/** What became of a chain since somebody looked. */
export interface ChainStep {
  /** Blocks that are not on the chain any more, the last one first. */
  readonly removed: readonly Tipset[]
  /** Blocks that have come, the first one first. */
  readonly added: readonly Tipset[]
  /** Goes on from here with the next look. Before it, a look is the same again. */
  readonly accept: () => void
}

/** Follows a chain from where it is now, over returns to earlier blocks and other branches. It keeps one block, however much happens between two looks. */
export class FollowedChain {
  readonly #chain: Chain
  #seen: Tipset

  constructor(chain: Chain) {
    this.#chain = chain
    this.#seen = chain.head
  }

  /** What happened since the last look that was accepted; of very much the first `limit` blocks, and the rest the next time. */
  step(limit: number): ChainStep {
    const removed: Tipset[] = []
    let common: Tipset = this.#seen
    while (!this.#chain.isOnBranch(common) && removed.length < limit) {
      removed.push(common)
      common = this.#parent(common) ?? common
    }
    let added: Tipset[] = []
    for (
      let at: Tipset | undefined = this.#chain.head;
      at !== undefined && !cidEquals(at.cid, common.cid);
    ) {
      if (at.header.height <= common.header.height) break
      added.push(at)
      // What is kept are those that come first.
      if (added.length > 2 * limit) added = added.slice(-limit)
      at = this.#parent(at)
    }
    added = added.slice(-limit).reverse()
    const seen = added.at(-1) ?? common
    const accept = (): void => {
      this.#seen = seen
    }
    return { removed, added, accept }
  }

  #parent({ header }: Tipset): Tipset | undefined {
    const cid = header.parents[0]
    return cid === undefined ? undefined : this.#chain.tipset(cid)
  }
}
