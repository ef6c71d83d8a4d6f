import { loadCrypto } from '@troupe/crypto'
import { CborStore, type Cid, MemoryBlockstore, NodeCache } from '@troupe/ipld'

const crypto = await loadCrypto()

/** A blockstore that counts, as the reference's `TrackingBlockstore` does. */
export class TrackingBlockstore extends MemoryBlockstore {
  reads = 0
  writes = 0
  bytesRead = 0
  bytesWritten = 0

  override get(cid: Cid): Uint8Array | undefined {
    const bytes = super.get(cid)
    this.reads++
    this.bytesRead += bytes?.length ?? 0
    return bytes
  }

  override put(cid: Cid, bytes: Uint8Array): void {
    this.writes++
    this.bytesWritten += bytes.length
    super.put(cid, bytes)
  }

  /** The counts: reads, writes, bytes read, bytes written. */
  get counts(): [number, number, number, number] {
    return [this.reads, this.writes, this.bytesRead, this.bytesWritten]
  }
}

/** A cache that keeps nothing, so that every node comes from the blocks. */
class NoCache extends NodeCache {
  override get(): undefined {
    return undefined
  }
}

/** A store whose every read and write is counted. */
export function trackingStore(): { store: CborStore; blocks: TrackingBlockstore } {
  const blocks = new TrackingBlockstore()
  return { store: new CborStore(blocks, crypto, new NoCache()), blocks }
}

/** A store with a node cache. */
export function cachingStore(blocks = new TrackingBlockstore()): {
  store: CborStore
  blocks: TrackingBlockstore
} {
  return { store: new CborStore(blocks, crypto), blocks }
}
