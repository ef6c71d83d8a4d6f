import type { CryptoProvider } from '@troupe/crypto'
import { CborWriter, type Cid, cidOf, DAG_CBOR } from '@troupe/ipld'

/**
 * The CID of a tipset, which stands for the list of its blocks where one CID is wanted: in `network.tipset_cid`, and as the hash of an
 * Ethereum block.
 *
 * Shape of the block that it names: CBOR byte string of the blocks' CIDs in their order, one after the other.
 * Source: lotus chain/types/tipset_key.go.
 */
export function tipsetKeyCid(crypto: CryptoProvider, blocks: readonly Cid[]): Cid {
  return cidOf(crypto, DAG_CBOR, tipsetKeyBlock(blocks))
}

/** The block that {@link tipsetKeyCid} names. */
export function tipsetKeyBlock(blocks: readonly Cid[]): Uint8Array {
  const key = new Uint8Array(blocks.reduce((length, { bytes }) => length + bytes.length, 0))
  let at = 0
  for (const { bytes } of blocks) {
    key.set(bytes, at)
    at += bytes.length
  }
  return new CborWriter().bytes(key).finish()
}
