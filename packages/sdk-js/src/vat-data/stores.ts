import { Fail, q } from '@endo/errors'
import { Far } from '@endo/pass-style'
import {
  assertScalarKey,
  getCopyMapEntries,
  getCopySetKeys,
  makeCopyMap,
  makeCopySet,
  matches,
  mustMatch,
} from '@endo/patterns'
import { harden, isRef } from '@troupe/sdk-js'
import { DurableEntries, type Entries, HeapEntries } from './entries.ts'
import { type Slots, textOf } from './slots.ts'

/** As `StoreOptions` of `@agoric/store`. */
export interface StoreOptions {
  /** Whether it lasts. Default: `false`. */
  readonly durable?: boolean
  readonly keyShape?: unknown
  readonly valueShape?: unknown
}

// biome-ignore lint/suspicious/noExplicitAny: of what only whoever made it knows.
export type Store = any
type MakeStore = (label: string, options?: StoreOptions) => Store

/** The part of `VatData` that makes collections. */
export interface Stores {
  readonly makeScalarBigMapStore: MakeStore
  readonly makeScalarBigWeakMapStore: MakeStore
  readonly makeScalarBigSetStore: MakeStore
  readonly makeScalarBigWeakSetStore: MakeStore
}

type StoreKind = 'mapStore' | 'weakMapStore' | 'setStore' | 'weakSetStore'

/** What a collection is, besides its entries. */
interface Shape {
  readonly label: string
  readonly keyShape: unknown
  readonly valueShape: unknown
}

/** A collection, as its methods find it. */
class Collection {
  readonly #entries: Entries
  readonly #shape: Shape

  constructor(entries: Entries, shape: Shape) {
    this.#entries = entries
    this.#shape = shape
  }

  has(key: unknown): boolean {
    checkKey(key)
    return this.#entries.has(key)
  }

  get(key: unknown): unknown {
    this.#expect(key)
    return this.#entries.get(key)
  }

  init(key: unknown, value: unknown): void {
    this.#check(key, value)
    !this.#entries.has(key) || Fail`key ${key} already registered in collection ${q(this.#shape.label)}`
    this.#entries.put(key, value)
  }

  set(key: unknown, value: unknown): void {
    this.#check(key, value)
    this.#expect(key)
    this.#entries.put(key, value)
  }

  /** Adds a member to a set. */
  add(key: unknown): void {
    this.#check(key, null)
    if (!this.#entries.has(key)) this.#entries.put(key, null)
  }

  /** Puts an entry, whatever was there. */
  put(key: unknown, value: unknown): void {
    this.#check(key, value)
    this.#entries.put(key, value)
  }

  delete(key: unknown): void {
    this.#expect(key)
    this.#entries.remove(key)
  }

  /** The keys that fit, in a list that stays what it is while the collection changes. */
  keys(keyShape: unknown, valueShape: unknown): readonly unknown[] {
    const keys = this.#entries
      .keys()
      .filter(
        (key) =>
          (keyShape === undefined || matches(key as never, keyShape as never)) &&
          (valueShape === undefined || matches(this.#entries.get(key) as never, valueShape as never)),
      )
    return harden(keys)
  }

  getSize(keyShape: unknown, valueShape: unknown): number {
    if (keyShape === undefined && valueShape === undefined) return this.#entries.size
    return this.keys(keyShape, valueShape).length
  }

  clear(keyShape: unknown, valueShape: unknown): void {
    for (const key of this.keys(keyShape, valueShape)) this.#entries.remove(key)
  }

  #check(key: unknown, value: unknown): void {
    const { label, keyShape, valueShape } = this.#shape
    checkKey(key)
    if (keyShape !== undefined)
      mustMatch(key as never, keyShape as never, `invalid key type for collection ${q(label)}`)
    if (valueShape !== undefined)
      mustMatch(value as never, valueShape as never, `invalid value type for collection ${q(label)}`)
  }

  #expect(key: unknown): void {
    checkKey(key)
    this.#entries.has(key) || Fail`key ${key} not found in collection ${q(this.#shape.label)}`
  }
}

/** Objects and scalars; the commonest without the library. */
function checkKey(key: unknown): void {
  if (typeof key !== 'string' && typeof key !== 'bigint' && !isRef(key)) assertScalarKey(key as never)
}

type Entry = readonly [key: unknown, value: unknown]

/** What is behind the collections that others have. */
const collections = new WeakMap<object, Collection>()

function behind(store: object): Collection {
  return collections.get(store) ?? Fail`only collections have the methods of collections`
}

/** What can be iterated over, as it is; of a set or a map of values what is in it. */
function itemsOf(source: unknown, open: (copy: never) => Iterable<unknown>): Iterable<unknown> {
  const isIterable = typeof (source as { [Symbol.iterator]?: unknown })[Symbol.iterator] === 'function'
  return isIterable ? (source as Iterable<unknown>) : open(source as never)
}

const WEAK_SET = {
  has(key: unknown): boolean {
    return behind(this).has(key)
  },
  add(key: unknown): void {
    behind(this).add(key)
  },
  delete(key: unknown): void {
    behind(this).delete(key)
  },
  addAll(keys: unknown): void {
    for (const key of itemsOf(keys, getCopySetKeys)) behind(this).add(key)
  },
}

const WEAK_MAP = {
  has(key: unknown): boolean {
    return behind(this).has(key)
  },
  get(key: unknown): unknown {
    return behind(this).get(key)
  },
  init(key: unknown, value: unknown): void {
    behind(this).init(key, value)
  },
  set(key: unknown, value: unknown): void {
    behind(this).set(key, value)
  },
  delete(key: unknown): void {
    behind(this).delete(key)
  },
  addAll(entries: unknown): void {
    for (const [key, value] of itemsOf(entries, getCopyMapEntries) as Iterable<Entry>)
      behind(this).put(key, value)
  },
}

/** What collections have that say what is in them. */
const STRONG = {
  getSize(keyShape?: unknown, valueShape?: unknown): number {
    return behind(this).getSize(keyShape, valueShape)
  },
  keys(keyShape?: unknown, valueShape?: unknown): Iterable<unknown> {
    return behind(this).keys(keyShape, valueShape)
  },
  clear(keyShape?: unknown, valueShape?: unknown): void {
    behind(this).clear(keyShape, valueShape)
  },
}

/** What the collections of each kind inherit from. An exo class without guards would match the arguments of every call with a pattern that lets everything pass, which takes four million gas. */
const PROTOTYPES: Readonly<Record<StoreKind, object>> = {
  weakSetStore: Far('weakSetStore', { ...WEAK_SET }),
  weakMapStore: Far('weakMapStore', { ...WEAK_MAP }),
  setStore: Far('setStore', {
    ...WEAK_SET,
    ...STRONG,
    values(keyShape?: unknown): Iterable<unknown> {
      return behind(this).keys(keyShape, undefined)
    },
    snapshot(keyShape?: unknown): unknown {
      return makeCopySet(behind(this).keys(keyShape, undefined) as never)
    },
  }),
  mapStore: Far('mapStore', {
    ...WEAK_MAP,
    ...STRONG,
    values(keyShape?: unknown, valueShape?: unknown): Iterable<unknown> {
      const collection = behind(this)
      return harden(collection.keys(keyShape, valueShape).map((key) => collection.get(key)))
    },
    entries(keyShape?: unknown, valueShape?: unknown): Iterable<Entry> {
      return entriesOf(behind(this), keyShape, valueShape)
    },
    snapshot(keyShape?: unknown, valueShape?: unknown): unknown {
      return makeCopyMap(entriesOf(behind(this), keyShape, valueShape) as never)
    },
  }),
}

function entriesOf(collection: Collection, keyShape: unknown, valueShape: unknown): readonly Entry[] {
  return harden(collection.keys(keyShape, valueShape).map((key) => [key, collection.get(key)] as const))
}

function makeStore(kind: StoreKind, collection: Collection): object {
  const store = harden(Object.create(PROTOTYPES[kind]) as object)
  collections.set(store, collection)
  return store
}

/**
 * Collections whose entries last, or do not.
 *
 * *Shape*: `["c", collection]` has `{kind, label, keyShape, valueShape}`; its entries are those of {@link DurableEntries}.
 */
export function makeStores(slots: Slots): Stores {
  const open = (id: string, shape: Shape & { readonly kind: StoreKind }): object => {
    const entries = new DurableEntries(slots, id, shape.kind.startsWith('weak'))
    return slots.register(makeStore(shape.kind, new Collection(entries, shape)), ['c', id])
  }
  slots.define('c', (id) => open(id as string, slots.records.get(textOf(['c', id as string])) as never))
  const maker =
    (kind: StoreKind): MakeStore =>
    (label, { durable = false, keyShape, valueShape } = {}) => {
      const shape = harden({ kind, label, keyShape, valueShape })
      if (!durable) return makeStore(kind, new Collection(new HeapEntries(), shape))
      const id = slots.name(label)
      slots.records.set(textOf(['c', id]), shape)
      return open(id, shape)
    }
  return {
    makeScalarBigMapStore: maker('mapStore'),
    makeScalarBigWeakMapStore: maker('weakMapStore'),
    makeScalarBigSetStore: maker('setStore'),
    makeScalarBigWeakSetStore: maker('weakSetStore'),
  }
}
