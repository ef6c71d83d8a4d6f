import type { Pattern } from '@endo/patterns'
import { Amt } from '@troupe/ipld/amt'
import type { CborStore } from '@troupe/ipld/blockstore'
import type { ValueCodec } from '@troupe/ipld/cbor'
import type { Cid } from '@troupe/ipld/cid'
import { SdkError } from '../errors.ts'
import type { Passable } from '../values/passable.ts'
import type { DurableParts } from './durable-parts.ts'
import { keep } from './keep.ts'

/**
 * A list in an actor's state, without holes. It is read and written in parts: an index costs the blocks on its way. Indices are `bigint`, from 0.
 *
 * *Shape*: an AMT (version 3) of bit width 3.
 */
export class DurableArray<V extends Passable = Passable> {
  readonly #store: CborStore
  #amt: Amt<Passable>
  readonly #codec: ValueCodec<Passable>
  readonly #value: Pattern

  constructor(store: CborStore, root: Cid | undefined, parts: DurableParts) {
    this.#store = store
    this.#codec = parts.codec
    this.#value = parts.value
    this.#amt = this.#open(root)
  }

  /** How many values there are. */
  get length(): bigint {
    return this.#amt.count
  }

  /** The value at an index, or `undefined` where there is none. */
  get(index: bigint): V | undefined {
    return index < 0n || index >= this.length ? undefined : (this.#amt.get(index) as V | undefined)
  }

  /** Replaces the value at an index. @throws {SdkError} durable/out-of-range where there is none; durable/refused; value/... */
  set(index: bigint, value: V): void {
    if (index < 0n || index >= this.length)
      throw new SdkError('durable/out-of-range', `there is no value at ${index} of ${this.length}`)
    this.#put(index, value)
  }

  /** Puts a value at the end, and gives its index. @throws {SdkError} durable/refused; value/... */
  push(value: V): bigint {
    const index = this.length
    this.#put(index, value)
    return index
  }

  /** Takes the last value, or gives `undefined` where there is none. */
  pop(): V | undefined {
    return this.length === 0n ? undefined : (this.#amt.delete(this.length - 1n) as V)
  }

  /** The values with their indices, from the first. The array must not be changed meanwhile. */
  entries(): Generator<[index: bigint, value: V], void, undefined> {
    return this.#amt.entries() as Generator<[bigint, V], void, undefined>
  }

  /** The values, likewise. */
  *values(): Generator<V, void, undefined> {
    for (const [, value] of this.entries()) yield value
  }

  #put(index: bigint, value: V): void {
    this.#amt.set(index, keep(this.#codec, value, this.#value, 'a value of the array'))
  }

  /** As {@link values}. */
  [Symbol.iterator](): Generator<V, void, undefined> {
    return this.values()
  }

  /** For the SDK: writes what has changed. @returns the root, or `undefined` for an empty array */
  flush(): Cid | undefined {
    return this.length === 0n ? undefined : this.#amt.flush()
  }

  /** For the SDK: forgets what it has for what is under another root. */
  reload(root: Cid | undefined): void {
    this.#amt = this.#open(root)
  }

  #open(root: Cid | undefined): Amt<Passable> {
    const options = { value: this.#codec }
    return root === undefined ? Amt.create(this.#store, options) : Amt.load(this.#store, root, options)
  }
}
