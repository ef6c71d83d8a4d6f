import type { CryptoProvider } from '@troupe/crypto'
import type { Cid } from '@troupe/ipld'
import { imageCid } from './image.ts'

/** Where what takes long to make is kept beyond the process. What it holds is verified when it is read; it may lose entries at any time. */
export interface ImageStore {
  /** @param name letters, digits and hyphens */
  get(name: string): Uint8Array | undefined
  put(name: string, bytes: Uint8Array): void
}

/** The block of an image, where the store has it whole. */
export function readImage(
  store: ImageStore,
  crypto: Pick<CryptoProvider, 'blake2b'>,
  cid: Cid,
): Uint8Array | undefined {
  const block = store.get(nameOf(cid))
  return block !== undefined && imageCid(crypto, block).toString() === cid.toString() ? block : undefined
}

/** Keeps the block of an image under its CID. */
export function writeImage(store: ImageStore, cid: Cid, block: Uint8Array): void {
  store.put(nameOf(cid), block)
}

function nameOf(cid: Cid): string {
  return `image-${cid}`
}
