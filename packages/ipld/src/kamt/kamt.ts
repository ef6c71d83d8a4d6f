import type { CborStore } from '../blockstore/cbor-store.ts'
import { encodeValue, type ValueCodec } from '../cbor/value-codec.ts'
import { CborWriter } from '../cbor/writer.ts'
import type { Cid } from '../cid/cid.ts'
import { IpldError } from '../errors.ts'
import { hasBit, lowestBit, rankOf } from '../hamt/bits.ts'
import { digitAt, matches, matchLength, NO_DIGITS, unpackDigits } from './digits.ts'
import { compareBytes, hasherOf, hashKey } from './kamt-keys.ts'
import {
  bucketOf,
  entriesOf,
  KamtEntry,
  type KamtForm,
  KamtLink,
  KamtNode,
  type KamtPointer,
} from './kamt-node.ts'
import { checkOptions, type KamtOptions } from './kamt-options.ts'
import { flushNode, followLink, type KamtStart, loadNode, walk } from './kamt-tree.ts'

/** What a change did: what was there before, and whether anything is different now. */
interface SetResult<V> {
  readonly old: V | undefined
  readonly modified: boolean
}

/**
 * A map over blocks from keys of fixed width, placed by their own bits: a hash trie without the hash, whose links skip the levels where there is no choice.
 *
 * The same entries always give the same root, in whatever order they were made. Nodes are read when they are needed and written by {@link Kamt.flush} only;
 * which blocks are read and written, and in which order, is as in the reference, as long as the store's node cache does not answer instead. Values belong
 * to the KAMT: do not change one in place.
 *
 * *Cost*: each operation reads the nodes on one path, and those only once in the life of the object.
 *
 * *Source*: ref-fvm@master ipld/kamt.
 */
export class Kamt<K, V> {
  readonly #store: CborStore
  readonly #form: KamtForm<K, V>
  /** The hash of a key, until the next call. Made for the first: many a map is loaded and never asked. */
  #hasher: ((key: K) => Uint8Array) | undefined
  #root: KamtNode<K, V>
  #flushed: Cid | undefined
  #digits = 0

  private constructor(
    store: CborStore,
    form: KamtForm<K, V>,
    root: KamtNode<K, V>,
    flushed: Cid | undefined,
  ) {
    this.#store = store
    this.#form = form
    this.#root = root
    this.#flushed = flushed
  }

  /**
   * A KAMT without entries.
   * @throws {IpldError} kamt/bad-options
   */
  static create<K, V>(store: CborStore, options: KamtOptions<K, V>): Kamt<K, V> {
    return new Kamt(store, checkOptions(options), new KamtNode(), undefined)
  }

  /**
   * The KAMT of a root block.
   * @throws {IpldError} kamt/bad-options; the codes of a malformed node (kamt/bitfield, kamt/empty-node, kamt/pointer, kamt/bucket, kamt/shallow-values,
   *   kamt/link-codec, kamt/extension), blockstore/..., cbor/..., cid/malformed
   */
  static load<K, V>(store: CborStore, root: Cid, options: KamtOptions<K, V>): Kamt<K, V> {
    const form = checkOptions(options)
    return new Kamt(store, form, loadNode(store, form, root, 0), root)
  }

  /** How many digits of the last key that was asked for, set or taken out were compared with the tree: for whoever charges for that. */
  get digits(): number {
    return this.#digits
  }

  /** Whether there are no entries. */
  get isEmpty(): boolean {
    return this.#root.pointers.length === 0
  }

  /**
   * The value of a key, or `undefined`.
   * @throws {IpldError} kamt/bad-key; for a missing or malformed node as {@link Kamt.load}
   */
  get(key: K): V | undefined {
    const { bitWidth } = this.#form
    const hash = this.#hash(key)
    let node = this.#root
    for (let level = 0; ; ) {
      const slot = digitAt(hash, level, bitWidth)
      this.#digits = level + 1
      if (!hasBit(node, slot)) return undefined
      const pointer = node.pointers[rankOf(node, slot)] as KamtPointer<K, V>
      if (pointer instanceof KamtEntry) return this.#findEntry(pointer, key)?.value
      const below = level + 1 + pointer.extension.length
      // The node is read even where the extension leads elsewhere, as the reference does: actors pay for what they read.
      node = followLink(this.#store, this.#form, pointer, below)
      if (!matches(pointer.extension, hash, level + 1, bitWidth)) return undefined
      level = below
    }
  }

  /** Whether a key has a value. Throws as {@link Kamt.get}. */
  has(key: K): boolean {
    return this.get(key) !== undefined
  }

  /**
   * Gives a key a value. Nothing is dirty where it had an equal one (one of the same bytes).
   * @returns the value before
   * @throws {IpldError} kamt/bad-key; kamt/max-depth where two keys have one hash; for a missing or malformed node as {@link Kamt.load}
   */
  set(key: K, value: V): V | undefined {
    return this.#set(key, value, true).old
  }

  /**
   * Gives a key a value if it has none.
   * @returns whether it had none
   * @throws {IpldError} as {@link Kamt.set}
   */
  setIfAbsent(key: K, value: V): boolean {
    return this.#set(key, value, false).modified
  }

  /**
   * Takes out a key.
   * @returns its value, or `undefined` where there was none
   * @throws {IpldError} kamt/bad-key; kamt/empty-node where the last entry of a node is taken out that should not have been one;
   *   for a missing or malformed node as {@link Kamt.load}
   */
  delete(key: K): V | undefined {
    const deleted = this.#deleteBelow(this.#root, 0, this.#hash(key), key)
    if (deleted !== undefined) this.#flushed = undefined
    return deleted
  }

  /** Takes out everything. */
  clear(): void {
    if (this.isEmpty) return
    this.#root = new KamtNode()
    this.#flushed = undefined
  }

  /**
   * Writes what has changed, children before parents and the root last.
   * @returns the CID of the root
   * @throws {IpldError} blockstore/unavailable, and what the codecs throw
   */
  flush(): Cid {
    this.#flushed ??= flushNode(this.#store, this.#form, this.#root, 0, new CborWriter())
    return this.#flushed
  }

  /**
   * The entries in the order of their hashes, from the first whose hash is not before that of `start`. Do not change the KAMT meanwhile.
   *
   * Differs: the reference refuses a start that is not a key, or where it has no slot for it, starts at another key.
   *
   * @throws {IpldError} kamt/bad-key; for a missing or malformed node as {@link Kamt.load}
   */
  *entries(start?: K): Generator<readonly [key: K, value: V], void, undefined> {
    yield* walk(
      this.#store,
      this.#form,
      this.#root,
      0,
      start === undefined ? undefined : this.#startOf(start),
    )
  }

  #hash(key: K): Uint8Array {
    this.#hasher ??= hasherOf(this.#form.keys)
    return this.#hasher(key)
  }

  #startOf(key: K): KamtStart {
    const { keys, bitWidth } = this.#form
    const hash = hashKey(keys, key)
    return { hash, path: unpackDigits(hash, hash.length * 8, bitWidth) }
  }

  #findEntry(first: KamtEntry<K, V>, key: K): KamtEntry<K, V> | undefined {
    const { keys } = this.#form
    for (let entry: KamtEntry<K, V> | undefined = first; entry !== undefined; entry = entry.next)
      if (keys.compare(entry.key, key) === 0) return entry
    return undefined
  }

  #set(key: K, value: V, overwrite: boolean): SetResult<V> {
    const result = this.#setBelow(this.#root, 0, { hash: this.#hash(key), key, value, overwrite })
    if (result.modified) this.#flushed = undefined
    return result
  }

  #setBelow(node: KamtNode<K, V>, level: number, entry: NewEntry<K, V>): SetResult<V> {
    const { bitWidth } = this.#form
    const slot = digitAt(entry.hash, level, bitWidth)
    this.#digits = level + 1
    if (!hasBit(node, slot)) {
      node.insert(slot, this.#newPointer(level, entry))
      return ADDED
    }
    const at = rankOf(node, slot)
    const pointer = node.pointers[at] as KamtPointer<K, V>
    if (pointer instanceof KamtEntry) return this.#setInBucket(node, at, pointer, level, entry)
    const matched = matchLength(pointer.extension, entry.hash, level + 1, bitWidth)
    if (matched < pointer.extension.length) {
      this.#digits += matched
      node.pointers[at] = splitLink(
        pointer,
        matched,
        digitAt(entry.hash, level + 1 + matched, bitWidth),
        entry,
      )
      return ADDED
    }
    const below = level + 1 + matched
    const child = followLink(this.#store, this.#form, pointer, below)
    const result = this.#setBelow(child, below, entry)
    if (result.modified) pointer.cid = undefined
    return result
  }

  /** A bucket of one entry, or above the levels for entries a link to a node that holds it. */
  #newPointer(level: number, entry: NewEntry<K, V>): KamtPointer<K, V> {
    if (level >= this.#form.minDataDepth) return new KamtEntry(entry.key, entry.value, undefined)
    const node = new KamtNode<K, V>()
    this.#setBelow(node, level + 1, entry)
    return new KamtLink(NO_DIGITS, undefined, node)
  }

  #setInBucket(
    node: KamtNode<K, V>,
    at: number,
    first: KamtEntry<K, V>,
    level: number,
    entry: NewEntry<K, V>,
  ): SetResult<V> {
    const { keys, values, maxArrayWidth } = this.#form
    const { key, value, overwrite } = entry
    const found = this.#findEntry(first, key)
    if (found !== undefined) {
      if (!overwrite) return { old: undefined, modified: false }
      const old = found.value
      node.pointers[at] = replaceEntry(first, found, value)
      return { old, modified: !isSameValue(values, old, value) }
    }
    const entries = entriesOf(first)
    if (entries.length < maxArrayWidth) {
      const after = entries.findIndex(([other]) => keys.compare(other, key) >= 0)
      const place = after < 0 ? entries.length : after
      node.pointers[at] = bucketOf(entries.toSpliced(place, 0, [key, value])) as KamtEntry<K, V>
    } else node.pointers[at] = this.#pushDown(entries, level, entry)
    return ADDED
  }

  /** Moves the entries of a full bucket and one more to a new node, past all the levels where their keys agree. */
  #pushDown(
    entries: readonly (readonly [key: K, value: V])[],
    level: number,
    entry: NewEntry<K, V>,
  ): KamtLink<K, V> {
    const { keys, bitWidth } = this.#form
    const others = entries.map(([key, value]) => ({ hash: hashKey(keys, key), key, value, overwrite: true }))
    const levels = Math.ceil((keys.width * 8) / bitWidth)
    let below = level + 1
    for (; below < levels; below++) {
      const digit = digitAt(entry.hash, below, bitWidth)
      if (others.some(({ hash }) => digitAt(hash, below, bitWidth) !== digit)) break
    }
    const node = new KamtNode<K, V>()
    for (const each of [entry, ...others]) this.#setBelow(node, below, each)
    const extension = new Uint8Array(below - level - 1)
    for (let i = 0; i < extension.length; i++) extension[i] = digitAt(entry.hash, level + 1 + i, bitWidth)
    return new KamtLink(extension.length === 0 ? NO_DIGITS : extension, undefined, node)
  }

  /** @returns what the key had; nothing has changed where that is `undefined` */
  #deleteBelow(node: KamtNode<K, V>, level: number, hash: Uint8Array, key: K): V | undefined {
    const { bitWidth } = this.#form
    const slot = digitAt(hash, level, bitWidth)
    this.#digits = level + 1
    if (!hasBit(node, slot)) return undefined
    const at = rankOf(node, slot)
    const pointer = node.pointers[at] as KamtPointer<K, V>
    if (pointer instanceof KamtEntry) {
      const found = this.#findEntry(pointer, key)
      if (found === undefined) return undefined
      const rest = bucketOf(entriesOf(pointer).filter(([other]) => other !== found.key))
      if (rest === undefined) node.remove(slot)
      else node.pointers[at] = rest
      return found.value
    }
    if (!matches(pointer.extension, hash, level + 1, bitWidth)) return undefined
    const below = level + 1 + pointer.extension.length
    const child = followLink(this.#store, this.#form, pointer, below)
    const deleted = this.#deleteBelow(child, below, hash, key)
    if (deleted === undefined) return undefined
    pointer.cid = undefined
    this.#contract(node, slot, pointer, child, level)
    return deleted
  }

  /** Brings the link in a slot into its one form, now that an entry below it is gone. */
  #contract(
    node: KamtNode<K, V>,
    slot: number,
    link: KamtLink<K, V>,
    child: KamtNode<K, V>,
    level: number,
  ): void {
    const { keys, minDataDepth, maxArrayWidth } = this.#form
    const { pointers } = child
    const at = rankOf(node, slot)
    const only = pointers.length === 1 ? pointers[0] : undefined
    if (pointers.length === 0) {
      // Only a node above the levels for entries can have had a single entry.
      if (level >= minDataDepth)
        throw new IpldError('kamt/empty-node', `a node of one entry below level ${level}`)
      node.remove(slot)
    } else if (level < minDataDepth) return
    else if (only instanceof KamtEntry) node.pointers[at] = only
    else if (only !== undefined) {
      const extension = Uint8Array.of(...link.extension, lowestBit(child), ...only.extension)
      node.pointers[at] = new KamtLink(extension, only.cid, only.node)
    } else if (pointers.length <= maxArrayWidth) {
      const entries: (readonly [key: K, value: V])[] = []
      for (const pointer of pointers) {
        if (!(pointer instanceof KamtEntry)) return
        for (const entry of entriesOf(pointer)) entries.push(entry)
      }
      if (entries.length > maxArrayWidth) return
      entries.sort((a, b) => keys.compare(a[0], b[0]))
      node.pointers[at] = bucketOf(entries) as KamtEntry<K, V>
    }
  }
}

/** An entry on its way in. */
interface NewEntry<K, V> {
  readonly hash: Uint8Array
  readonly key: K
  readonly value: V
  readonly overwrite: boolean
}

const ADDED = { old: undefined, modified: true } as const

/** A bucket with another value in one of its entries. */
function replaceEntry<K, V>(first: KamtEntry<K, V>, found: KamtEntry<K, V>, value: V): KamtEntry<K, V> {
  const replaced = new KamtEntry(found.key, value, found.next)
  if (first === found) return replaced
  const entries = entriesOf(first).map(([key, old]) => [key, key === found.key ? value : old] as const)
  return bucketOf(entries) ?? replaced
}

/** A link to a new node at the first level where the key leaves the extension; it holds the new entry, in `slot`, and the rest of the link. */
function splitLink<K, V>(
  { extension, cid, node }: KamtLink<K, V>,
  matched: number,
  slot: number,
  { key, value }: NewEntry<K, V>,
): KamtLink<K, V> {
  const above = new KamtNode<K, V>()
  above.insert(extension[matched] as number, new KamtLink(digitsOf(extension, matched + 1), cid, node))
  above.insert(slot, new KamtEntry(key, value, undefined))
  return new KamtLink(digitsOf(extension, 0, matched), undefined, above)
}

/** Digits of an extension, in an array of their own. */
function digitsOf(extension: Uint8Array, start: number, end: number = extension.length): Uint8Array {
  return start === end ? NO_DIGITS : extension.slice(start, end)
}

function isSameValue<V>(values: ValueCodec<V>, a: V, b: V): boolean {
  if (Object.is(a, b)) return true
  // The words of contract storage, which are written often: two that differ have different bytes.
  if (typeof a === 'bigint' && typeof b === 'bigint') return false
  return compareBytes(encodeValue(values, a), encodeValue(values, b)) === 0
}
