import { bytesKey, keyBytes } from '../cid/cid.ts'
import type { Ref, RefRange } from './chain-store.ts'

/**
 * The references of one namespace in memory, in the order of their keys. Keys that come in order, as heights do, stay sorted at no cost; others are sorted when they
 * are listed next.
 */
export class SortedRefs {
  /** Values by the texts of their keys, which say all of them. */
  readonly #refs = new Map<string, Uint8Array>()
  /** A character a byte: the order of the texts is that of the bytes. Nothing where they have to be sorted. */
  #keys: string[] | undefined = []

  get size(): number {
    return this.#refs.size
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#refs.get(bytesKey(key))?.slice()
  }

  /** Keeps copies. */
  set(key: Uint8Array, value: Uint8Array): void {
    const id = bytesKey(key)
    if (!this.#refs.has(id)) {
      const last = this.#keys?.at(-1)
      if (last === undefined || id > last) this.#keys?.push(id)
      else this.#keys = undefined
    }
    this.#refs.set(id, value.slice())
  }

  delete(key: Uint8Array): void {
    const id = bytesKey(key)
    if (this.#refs.delete(id) && this.#keys !== undefined) this.#keys.splice(lowerBound(this.#keys, id), 1)
  }

  list({ prefix, after, reverse = false, limit = Infinity }: RefRange): Ref[] {
    this.#keys ??= [...this.#refs.keys()].sort()
    const keys = this.#keys
    const start = prefix === undefined ? '' : bytesKey(prefix)
    // No character is as high as this one: a key with the prefix is below the prefix and it.
    let low = lowerBound(keys, start)
    let high = lowerBound(keys, `${start}\uffff`)
    if (after !== undefined) {
      const beyond = bytesKey(after)
      const at = lowerBound(keys, beyond)
      if (reverse) high = Math.min(high, at)
      else low = Math.max(low, keys[at] === beyond ? at + 1 : at)
    }
    const count = Math.max(0, Math.min(limit, high - low))
    return Array.from({ length: count }, (_, i) => {
      const id = keys[reverse ? high - 1 - i : low + i] as string
      return { key: keyBytes(id), value: (this.#refs.get(id) as Uint8Array).slice() }
    })
  }
}

/** The index of the first of sorted `keys` that is not below `key`. */
function lowerBound(keys: readonly string[], key: string): number {
  let [low, high] = [0, keys.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((keys[middle] as string) < key) low = middle + 1
    else high = middle
  }
  return low
}
