import type { CborStore } from '../blockstore/cbor-store.ts'
import { encodeValue, type ValueCodec } from '../cbor/value-codec.ts'
import type { Cid } from '../cid/cid.ts'
import { IpldError } from '../errors.ts'
import { digitAt, matches, matchLength, unpackDigits } from './digits.ts'
import { compareBytes } from './kamt-keys.ts'
import {
  findSlot,
  type KamtBucket,
  type KamtForm,
  type KamtLink,
  type KamtNode,
  type KamtPointer,
} from './kamt-node.ts'
import { checkOptions, type KamtOptions } from './kamt-options.ts'
import { flushNode, followLink, loadNode, walk } from './kamt-tree.ts'

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
  #root: KamtNode<K, V>
  #flushed: Cid | undefined

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
    return new Kamt(store, checkOptions(options), { pointers: [] }, undefined)
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

  /** Whether there are no entries. */
  get isEmpty(): boolean {
    return this.#root.pointers.length === 0
  }

  /**
   * The value of a key, or `undefined`.
   * @throws {IpldError} kamt/bad-key; for a missing or malformed node as {@link Kamt.load}
   */
  get(key: K): V | undefined {
    const { keys } = this.#form
    const path = this.#pathOf(key)
    let node = this.#root
    for (let level = 0; ; ) {
      const at = findSlot(node, digitAt(path, level))
      if (at < 0) return undefined
      const pointer = node.pointers[at] as KamtPointer<K, V>
      if (pointer.kind === 'bucket')
        return pointer.entries.find(([other]) => keys.compare(other, key) === 0)?.[1]
      const below = level + 1 + pointer.extension.length
      // The node is read even where the extension leads elsewhere, as the reference does: actors pay for what they read.
      node = followLink(this.#store, this.#form, pointer, below)
      if (!matches(pointer.extension, path, level + 1)) return undefined
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
    const deleted = this.#deleteBelow(this.#root, 0, this.#pathOf(key), key)
    if (deleted !== undefined) this.#flushed = undefined
    return deleted
  }

  /** Takes out everything. */
  clear(): void {
    if (this.isEmpty) return
    this.#root = { pointers: [] }
    this.#flushed = undefined
  }

  /**
   * Writes what has changed, children before parents and the root last.
   * @returns the CID of the root
   * @throws {IpldError} blockstore/unavailable, and what the codecs throw
   */
  flush(): Cid {
    this.#flushed ??= flushNode(this.#store, this.#form, this.#root)
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
    const from =
      start === undefined ? undefined : { hash: this.#form.keys.hash(start), path: this.#pathOf(start) }
    yield* walk(this.#store, this.#form, this.#root, 0, from)
  }

  #pathOf(key: K): Uint8Array {
    const { keys, bitWidth } = this.#form
    const hash = keys.hash(key)
    if (hash.length !== keys.width) throw new IpldError('kamt/bad-key', `a hash of ${hash.length} bytes`)
    return unpackDigits(hash, hash.length * 8, bitWidth)
  }

  #set(key: K, value: V, overwrite: boolean): SetResult<V> {
    const result = this.#setBelow(this.#root, 0, { path: this.#pathOf(key), key, value, overwrite })
    if (result.modified) this.#flushed = undefined
    return result
  }

  #setBelow(node: KamtNode<K, V>, level: number, entry: NewEntry<K, V>): SetResult<V> {
    const slot = digitAt(entry.path, level)
    const at = findSlot(node, slot)
    if (at < 0) {
      node.pointers.splice(~at, 0, this.#newPointer(slot, level, entry))
      return ADDED
    }
    const pointer = node.pointers[at] as KamtPointer<K, V>
    if (pointer.kind === 'bucket') return this.#setInBucket(node, at, pointer, level, entry)
    const matched = matchLength(pointer.extension, entry.path, level + 1)
    if (matched < pointer.extension.length) {
      node.pointers[at] = splitLink(pointer, matched, level, entry)
      return ADDED
    }
    const below = level + 1 + matched
    const child = followLink(this.#store, this.#form, pointer, below)
    const result = this.#setBelow(child, below, entry)
    if (result.modified) pointer.cid = undefined
    return result
  }

  /** A bucket of one entry, or above the levels for entries a link to a node that holds it. */
  #newPointer(slot: number, level: number, entry: NewEntry<K, V>): KamtPointer<K, V> {
    if (level >= this.#form.minDataDepth) return { kind: 'bucket', slot, entries: [[entry.key, entry.value]] }
    const node: KamtNode<K, V> = { pointers: [] }
    this.#setBelow(node, level + 1, entry)
    return { kind: 'link', slot, extension: new Uint8Array(0), cid: undefined, node }
  }

  #setInBucket(
    node: KamtNode<K, V>,
    at: number,
    bucket: KamtBucket<K, V>,
    level: number,
    entry: NewEntry<K, V>,
  ): SetResult<V> {
    const { keys, values, maxArrayWidth } = this.#form
    const { key, value, overwrite } = entry
    const { entries } = bucket
    const after = entries.findIndex(([other]) => keys.compare(other, key) >= 0)
    const place = after < 0 ? entries.length : after
    const found = entries[place]
    if (found !== undefined && keys.compare(found[0], key) === 0) {
      const old = found[1]
      if (!overwrite) return { old: undefined, modified: false }
      entries[place] = [found[0], value]
      return { old, modified: !isSameValue(values, old, value) }
    }
    if (entries.length < maxArrayWidth) entries.splice(place, 0, [key, value])
    else node.pointers[at] = this.#pushDown(bucket, level, entry)
    return ADDED
  }

  /** Moves a full bucket and one more entry to a new node, past all the levels where their keys agree. */
  #pushDown(bucket: KamtBucket<K, V>, level: number, entry: NewEntry<K, V>): KamtLink<K, V> {
    const others = bucket.entries.map(([key, value]) => ({
      path: this.#pathOf(key),
      key,
      value,
      overwrite: true,
    }))
    let extension = entry.path.subarray(level + 1)
    for (const { path } of others) extension = extension.subarray(0, matchLength(extension, path, level + 1))
    const below = level + 1 + extension.length
    const node: KamtNode<K, V> = { pointers: [] }
    for (const each of [entry, ...others]) this.#setBelow(node, below, each)
    return { kind: 'link', slot: bucket.slot, extension: extension.slice(), cid: undefined, node }
  }

  /** @returns what the key had; nothing has changed where that is `undefined` */
  #deleteBelow(node: KamtNode<K, V>, level: number, path: Uint8Array, key: K): V | undefined {
    const at = findSlot(node, digitAt(path, level))
    if (at < 0) return undefined
    const pointer = node.pointers[at] as KamtPointer<K, V>
    if (pointer.kind === 'bucket') {
      const index = pointer.entries.findIndex(([other]) => this.#form.keys.compare(other, key) === 0)
      if (index < 0) return undefined
      const deleted = pointer.entries.splice(index, 1)[0] as readonly [K, V]
      if (pointer.entries.length === 0) node.pointers.splice(at, 1)
      return deleted[1]
    }
    if (!matches(pointer.extension, path, level + 1)) return undefined
    const below = level + 1 + pointer.extension.length
    const child = followLink(this.#store, this.#form, pointer, below)
    const deleted = this.#deleteBelow(child, below, path, key)
    if (deleted === undefined) return undefined
    pointer.cid = undefined
    this.#contract(node, at, pointer, child, level)
    return deleted
  }

  /** Brings the link at a place into its one form, now that an entry below it is gone. */
  #contract(
    node: KamtNode<K, V>,
    at: number,
    link: KamtLink<K, V>,
    child: KamtNode<K, V>,
    level: number,
  ): void {
    const { keys, minDataDepth, maxArrayWidth } = this.#form
    const { slot } = link
    const { pointers } = child
    const only = pointers.length === 1 ? pointers[0] : undefined
    if (pointers.length === 0) {
      // Only a node above the levels for entries can have had a single entry.
      if (level >= minDataDepth)
        throw new IpldError('kamt/empty-node', `a node of one entry below level ${level}`)
      node.pointers.splice(at, 1)
    } else if (level < minDataDepth) return
    else if (only?.kind === 'bucket') node.pointers[at] = { kind: 'bucket', slot, entries: only.entries }
    else if (only?.kind === 'link') {
      const extension = Uint8Array.of(...link.extension, only.slot, ...only.extension)
      node.pointers[at] = { kind: 'link', slot, extension, cid: only.cid, node: only.node }
    } else if (pointers.length <= maxArrayWidth) {
      const entries = pointers.flatMap((pointer) => (pointer.kind === 'bucket' ? pointer.entries : []))
      const allBuckets = pointers.every((pointer) => pointer.kind === 'bucket')
      if (!allBuckets || entries.length > maxArrayWidth) return
      node.pointers[at] = { kind: 'bucket', slot, entries: entries.sort((a, b) => keys.compare(a[0], b[0])) }
    }
  }
}

/** An entry on its way in. */
interface NewEntry<K, V> {
  readonly path: Uint8Array
  readonly key: K
  readonly value: V
  readonly overwrite: boolean
}

const ADDED = { old: undefined, modified: true } as const

/** A link to a new node at the first level where the key leaves the extension; it holds the new entry and the rest of the link. */
function splitLink<K, V>(
  link: KamtLink<K, V>,
  matched: number,
  level: number,
  { path, key, value }: NewEntry<K, V>,
): KamtLink<K, V> {
  const { slot, extension, cid, node } = link
  const rest: KamtLink<K, V> = {
    kind: 'link',
    slot: extension[matched] as number,
    extension: extension.slice(matched + 1),
    cid,
    node,
  }
  const bucket: KamtBucket<K, V> = {
    kind: 'bucket',
    slot: digitAt(path, level + 1 + matched),
    entries: [[key, value]],
  }
  const pointers = rest.slot < bucket.slot ? [rest, bucket] : [bucket, rest]
  return { kind: 'link', slot, extension: extension.slice(0, matched), cid: undefined, node: { pointers } }
}

function isSameValue<V>(values: ValueCodec<V>, a: V, b: V): boolean {
  if (Object.is(a, b)) return true
  // The words of contract storage, which are written often: two that differ have different bytes.
  if (typeof a === 'bigint' && typeof b === 'bigint') return false
  return compareBytes(encodeValue(values, a), encodeValue(values, b)) === 0
}
