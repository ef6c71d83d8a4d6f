import { type Cid, cidKey, decodeCid, keyBytes } from '../cid/cid.ts'
import type { EnumerableBlockstore } from './blockstore.ts'

/** Blocks in a `Map`. Keeps the arrays it is given. */
export class MemoryBlockstore implements EnumerableBlockstore {
  /** By the key of the CID, which says all of it: a CID kept beside it would take more memory than most blocks. */
  private readonly blocks = new Map<string, Uint8Array>()
  private bytes = 0

  /** How many blocks there are. */
  get size(): number {
    return this.blocks.size
  }

  /** Bytes of all blocks. */
  get byteLength(): number {
    return this.bytes
  }

  get(cid: Cid): Uint8Array | undefined {
    return this.blocks.get(cidKey(cid))
  }

  has(cid: Cid): boolean {
    return this.blocks.has(cidKey(cid))
  }

  put(cid: Cid, bytes: Uint8Array): void {
    const key = cidKey(cid)
    this.bytes += bytes.length - (this.blocks.get(key)?.length ?? 0)
    this.blocks.set(key, bytes)
  }

  /** Removes a block, and says whether it was there. */
  delete(cid: Cid): boolean {
    const key = cidKey(cid)
    this.bytes -= this.blocks.get(key)?.length ?? 0
    return this.blocks.delete(key)
  }

  /** All blocks, in the order in which they were first put. */
  *entries(): IterableIterator<[Cid, Uint8Array]> {
    for (const [key, bytes] of this.blocks) yield [decodeCid(keyBytes(key)), bytes]
  }
}
