import { bytesKey, type Cid, cidKey } from '@troupe/ipld'

/** What happens to a reference, by its key in the database: its value from now on, or `undefined` to remove it. */
export type RefEdit = readonly [key: Uint8Array, value: Uint8Array | undefined]

/** What is to be written in one transaction, in this order. */
export interface Changes {
  readonly blocks: Iterable<readonly [Cid, Uint8Array]>
  readonly refs: Iterable<RefEdit>
}

/** What was put or committed and is not on disk yet. */
export class Staging implements Changes {
  readonly #blocks = new Map<string, readonly [Cid, Uint8Array]>()
  readonly #refs = new Map<string, RefEdit>()
  #bytes = 0

  get isEmpty(): boolean {
    return this.#blocks.size + this.#refs.size === 0
  }

  /** Bytes of blocks and values. */
  get bytes(): number {
    return this.#bytes
  }

  get blocks(): Iterable<readonly [Cid, Uint8Array]> {
    return this.#blocks.values()
  }

  get refs(): Iterable<RefEdit> {
    return this.#refs.values()
  }

  block(cid: Cid): Uint8Array | undefined {
    // Most reads come when nothing waits, and none of them needs the key.
    return this.#blocks.size === 0 ? undefined : this.#blocks.get(cidKey(cid))?.[1]
  }

  /** What is staged for a reference; `undefined` where nothing is. */
  ref(key: Uint8Array): RefEdit | undefined {
    return this.#refs.get(bytesKey(key))
  }

  /** Keeps the arrays of blocks, and copies of values. */
  add({ blocks, refs }: Changes): void {
    for (const block of blocks) {
      const id = cidKey(block[0])
      this.#bytes += block[1].length - (this.#blocks.get(id)?.[1].length ?? 0)
      this.#blocks.set(id, block)
    }
    for (const [key, value] of refs) {
      const id = bytesKey(key)
      this.#bytes += (value?.length ?? 0) - (this.#refs.get(id)?.[1]?.length ?? 0)
      this.#refs.set(id, [key, value?.slice()])
    }
  }

  /** Forgets what was written: what has come since for the same block or reference stays. */
  remove({ blocks, refs }: Changes): void {
    for (const block of blocks) {
      const id = cidKey(block[0])
      if (this.#blocks.get(id) !== block) continue
      this.#blocks.delete(id)
      this.#bytes -= block[1].length
    }
    for (const edit of refs) {
      const id = bytesKey(edit[0])
      if (this.#refs.get(id) !== edit) continue
      this.#refs.delete(id)
      this.#bytes -= edit[1]?.length ?? 0
    }
  }

  clear(): void {
    this.#blocks.clear()
    this.#refs.clear()
    this.#bytes = 0
  }
}
