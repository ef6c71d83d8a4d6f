import { type Cid, cidKey } from '../cid/cid.ts'
import type { EnumerableBlockstore } from './blockstore.ts'

/** Blocks in a `Map`. Keeps the arrays it is given. */
export class MemoryBlockstore implements EnumerableBlockstore {
  private readonly blocks = new Map<string, [cid: Cid, bytes: Uint8Array]>()

  /** How many blocks there are. */
  get size(): number {
    return this.blocks.size
  }

  get(cid: Cid): Uint8Array | undefined {
    return this.blocks.get(cidKey(cid))?.[1]
  }

  has(cid: Cid): boolean {
    return this.blocks.has(cidKey(cid))
  }

  put(cid: Cid, bytes: Uint8Array): void {
    this.blocks.set(cidKey(cid), [cid, bytes])
  }

  /** Removes a block, and says whether it was there. */
  delete(cid: Cid): boolean {
    return this.blocks.delete(cidKey(cid))
  }

  /** All blocks, in the order in which they were first put. */
  *entries(): IterableIterator<[Cid, Uint8Array]> {
    for (const [cid, bytes] of this.blocks.values()) yield [cid, bytes]
  }
}
