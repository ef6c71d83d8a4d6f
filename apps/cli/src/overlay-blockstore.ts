import type { Blockstore, Cid } from '@troupe/ipld'

/** A store on top of another that is only read: what is put stays in the upper one. */
export class OverlayBlockstore implements Blockstore {
  readonly #upper: Blockstore
  readonly #lower: Blockstore

  constructor(upper: Blockstore, lower: Blockstore) {
    this.#upper = upper
    this.#lower = lower
  }

  get(cid: Cid): Uint8Array | undefined {
    return this.#upper.get(cid) ?? this.#lower.get(cid)
  }

  has(cid: Cid): boolean {
    return this.#upper.has(cid) || this.#lower.has(cid)
  }

  put(cid: Cid, bytes: Uint8Array): void {
    this.#upper.put(cid, bytes)
  }
}
