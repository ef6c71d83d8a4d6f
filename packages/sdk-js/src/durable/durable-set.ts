import type { CborStore } from '@troupe/ipld/blockstore'
import type { Cid } from '@troupe/ipld/cid'
import type { Passable } from '../values/passable.ts'
import { DurableMap } from './durable-map.ts'
import type { DurableParts } from './durable-parts.ts'

/** A set of values in an actor's state. *Shape*: that of a {@link DurableMap} whose values are all `true`. */
export class DurableSet<K extends Passable = Passable> {
  readonly #map: DurableMap<K, true>

  constructor(store: CborStore, root: Cid | undefined, parts: DurableParts) {
    this.#map = new DurableMap(store, root, parts)
  }

  /** Whether there is nothing in it. */
  get isEmpty(): boolean {
    return this.#map.isEmpty
  }

  /** Whether a value is in it. */
  has(value: K): boolean {
    return this.#map.has(value)
  }

  /** Puts a value in. @throws {SdkError} durable/refused where it is not of the set's kind; value/... */
  add(value: K): void {
    this.#map.set(value, true)
  }

  /** Takes a value out; says whether it was there. */
  delete(value: K): boolean {
    return this.#map.delete(value)
  }

  /** Takes everything out. */
  clear(): void {
    this.#map.clear()
  }

  /** The values, in the order of the tree, which says nothing. The set must not be changed meanwhile. */
  values(): Generator<K, void, undefined> {
    return this.#map.keys()
  }

  /** As {@link values}. */
  [Symbol.iterator](): Generator<K, void, undefined> {
    return this.values()
  }

  /** For the SDK: writes what has changed. @returns the root, or `undefined` for an empty set */
  flush(): Cid | undefined {
    return this.#map.flush()
  }

  /** For the SDK: forgets what it has for what is under another root. */
  reload(root: Cid | undefined): void {
    this.#map.reload(root)
  }
}
