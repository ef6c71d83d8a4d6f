import type { Pattern } from '@endo/patterns'
import type { CborStore } from '@troupe/ipld/blockstore'
import { decodeValue, type ValueCodec } from '@troupe/ipld/cbor'
import type { Cid } from '@troupe/ipld/cid'
import { Hamt } from '@troupe/ipld/hamt'
import type { Passable } from '../values/passable.ts'
import type { DurableParts } from './durable-parts.ts'
import { keepEncoded } from './keep.ts'

/**
 * Values as they stand in a block. Making them of that, and that of them, takes an actor some millions of gas for each, and of those in a node that is read, or written again, most are not asked for.
 */
const AS_WRITTEN: ValueCodec<Uint8Array> = {
  encode: (writer, item) => void writer.raw(item),
  decode: (reader) => reader.pass(),
}

/** Bits of the hashed key that choose a child, as in the maps of the official actors. */
const MAP_BIT_WIDTH = 5

/**
 * A map in an actor's state, from values to values. It is read and written in parts: a key costs the blocks on its way. Values are what they were when they were put in:
 * to change one, put another in its place.
 *
 * *Shape*: a HAMT of bit width 5, keys hashed with SHA-256, under each key's DAG-CBOR the DAG-CBOR of its value.
 */
export class DurableMap<K extends Passable = Passable, V extends Passable = Passable> {
  readonly #store: CborStore
  #hamt: Hamt<Uint8Array>
  /** Of what has been asked for. */
  readonly #decoded = new WeakMap<Uint8Array, { readonly value: Passable }>()
  readonly #codec: ValueCodec<Passable>
  readonly #lookup: (key: Passable) => Uint8Array | undefined
  readonly #key: Pattern
  readonly #value: Pattern

  constructor(store: CborStore, root: Cid | undefined, parts: DurableParts) {
    this.#store = store
    this.#codec = parts.codec
    this.#lookup = parts.lookup
    this.#key = parts.key
    this.#value = parts.value
    this.#hamt = this.#open(root)
  }

  /** Whether there are no entries. */
  get isEmpty(): boolean {
    return this.#hamt.isEmpty
  }

  /** The value under a key, or `undefined`. */
  get(key: K): V | undefined {
    const at = this.#lookup(key)
    const item = at === undefined ? undefined : this.#hamt.get(at)
    return item === undefined ? undefined : (this.#decode(item) as V)
  }

  /** Whether there is a value under a key. */
  has(key: K): boolean {
    const at = this.#lookup(key)
    return at !== undefined && this.#hamt.has(at)
  }

  /** Puts a value under a key. @throws {SdkError} durable/refused where the key or the value is not of the map's kind; value/... */
  set(key: K, value: V): void {
    const at = keepEncoded(this.#codec, key, this.#key, 'a key')
    this.#hamt.set(at, keepEncoded(this.#codec, value, this.#value, 'a value of the map'))
  }

  /** Takes a key out; says whether it was there. */
  delete(key: K): boolean {
    const at = this.#lookup(key)
    return at !== undefined && this.#hamt.delete(at)
  }

  /** Takes everything out. */
  clear(): void {
    this.#hamt.clear()
  }

  /** The entries, in the order of the tree, which says nothing. The map must not be changed meanwhile. */
  *entries(): Generator<[key: K, value: V], void, undefined> {
    for (const [key, item] of this.#hamt.entries())
      yield [decodeValue(this.#codec, key) as K, this.#decode(item) as V]
  }

  /** As {@link entries}. */
  [Symbol.iterator](): Generator<[key: K, value: V], void, undefined> {
    return this.entries()
  }

  /** The keys, likewise. */
  *keys(): Generator<K, void, undefined> {
    for (const [key] of this.#hamt.entries()) yield decodeValue(this.#codec, key) as K
  }

  /** The values, likewise. */
  *values(): Generator<V, void, undefined> {
    for (const [, item] of this.#hamt.entries()) yield this.#decode(item) as V
  }

  /** For the SDK: writes what has changed. @returns the root, or `undefined` for an empty map */
  flush(): Cid | undefined {
    return this.#hamt.isEmpty ? undefined : this.#hamt.flush()
  }

  /** For the SDK: forgets what it has for what is under another root. */
  reload(root: Cid | undefined): void {
    this.#hamt = this.#open(root)
  }

  #decode(item: Uint8Array): Passable {
    let decoded = this.#decoded.get(item)
    if (decoded === undefined) {
      decoded = { value: decodeValue(this.#codec, item) }
      this.#decoded.set(item, decoded)
    }
    return decoded.value
  }

  #open(root: Cid | undefined): Hamt<Uint8Array> {
    const options = { bitWidth: MAP_BIT_WIDTH, value: AS_WRITTEN }
    return root === undefined ? Hamt.create(this.#store, options) : Hamt.load(this.#store, root, options)
  }
}
