import type { CryptoProvider } from '@troupe/crypto'
import { type Cid, cidOf } from '../cid/cid.ts'
import { IpldError } from '../errors.ts'
import type { Blockstore } from './blockstore.ts'
import { NodeCache } from './node-cache.ts'

/**
 * What HAMT, AMT and KAMT stand on: blocks, the hash that names new ones, and a cache of decoded nodes.
 *
 * A cached node answers without asking the blockstore. That is right for the state tree and what the host keeps in it: a host that lacks
 * a block of its state has failed, with or without a cache. It would be wrong where the absence of a block is an answer (an actor opening a CID it
 * made up) or where reads are recorded as evidence: such code reads `blocks` itself, brings a store with a cache of its own, or has {@link reuse} read the block.
 */
export class CborStore {
  readonly blocks: Blockstore
  readonly crypto: CryptoProvider
  /** Decoded nodes by CID. */
  readonly nodes: NodeCache

  /** @param nodes a cache to share; by default the store has one of its own */
  constructor(blocks: Blockstore, crypto: CryptoProvider, nodes: NodeCache = new NodeCache()) {
    this.blocks = blocks
    this.crypto = crypto
    this.nodes = nodes
  }

  /**
   * Stores a block under its blake2b-256 CID. The caller must not write to `bytes` afterwards.
   * @throws {IpldError} blockstore/unavailable
   */
  putBlock(codec: number, bytes: Uint8Array): Cid {
    const cid = cidOf(this.crypto, codec, bytes)
    this.blocks.put(cid, bytes)
    return cid
  }

  /**
   * Told of every node that the cache has in place of its block. Does nothing; for stores on which a read has effects, such as a price.
   * @throws as {@link getBlock}
   */
  reuse(_cid: Cid): void {}

  /**
   * The block under `cid`, which must be there.
   * @throws {IpldError} blockstore/absent, blockstore/unavailable
   */
  getBlock(cid: Cid): Uint8Array {
    const bytes = this.blocks.get(cid)
    if (bytes === undefined) throw new IpldError('blockstore/absent', `no block ${cid}`)
    return bytes
  }
}
