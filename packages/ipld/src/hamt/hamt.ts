import type { CborStore } from '../blockstore/cbor-store.ts'
import { isSameEncoding, type ValueCodec } from '../cbor/value-codec.ts'
import { CborWriter } from '../cbor/writer.ts'
import { CBOR, type Cid, DAG_CBOR } from '../cid/cid.ts'
import { IpldError } from '../errors.ts'
import { clearBit, HASH_BITS, hasBit, hashIndex, rankOf, setBit } from './bits.ts'
import {
  compareEntries,
  countEntries,
  createEntry,
  findEntry,
  HamtEntry,
  keyOf,
  prepend,
  withEntry,
  withoutEntry,
} from './entry.ts'
import { diffNodes, type HamtChange } from './hamt-diff.ts'
import { checkPlace, decodeNode, encodeNode, HamtNode, Link, type NodeShape, type Pointer } from './node.ts'

/** What a HAMT is made of. The same options must be given each time it is loaded. */
export interface HamtOptions<V> {
  /** Bits of the hashed key that choose a child at each depth: 1 to 8. Filecoin's state tree has 5. */
  readonly bitWidth: number
  /** How values stand in CBOR. Give the same object each time: decoded nodes are shared between HAMTs with the same one. */
  readonly value: ValueCodec<V>
  /** How keys are hashed. `identity` takes the first 32 bytes, filled up with zeros; for tests. Default: `sha2-256`. */
  readonly hash?: 'sha2-256' | 'identity'
  /** Pairs that stand side by side before a node of their own is made for them. Default: 3. */
  readonly maxBucket?: number
  /** The least depth at which pairs may stand; above, nodes hold links only. Default: 0. */
  readonly minDataDepth?: number
}

/** A decoded node as a {@link NodeCache} holds it, with what it was decoded by. */
interface CachedNode<V> {
  readonly node: HamtNode<V>
  readonly shape: NodeShape<V>
}

/**
 * A map from bytes to values in a tree of blocks, of the one shape that its content and options determine.
 *
 * Nodes are loaded when they are needed, kept decoded in the store's cache, and written by {@link flush}. A method that throws leaves the map as it was.
 * Values that come out are shared with the cache: they must not be changed, only replaced by `set`.
 *
 * Source: fvm_ipld_hamt 0.10.6 (every generation of the FVM).
 */
export class Hamt<V> {
  private readonly store: CborStore
  private readonly shape: NodeShape<V>
  private readonly identity: boolean
  private readonly scratch = new CborWriter()
  private node: HamtNode<V>
  /** The CID of `node` where it is stored; then `node` may be shared and must not be changed. */
  private stored: Cid | undefined

  private constructor(store: CborStore, options: HamtOptions<V>) {
    const { bitWidth, value, hash = 'sha2-256', maxBucket = 3, minDataDepth = 0 } = options
    if (!Number.isInteger(bitWidth) || bitWidth < 1 || bitWidth > 8)
      throw new IpldError('hamt/bad-options', `a bit width of ${bitWidth}`)
    if (!Number.isInteger(maxBucket) || maxBucket < 1)
      throw new IpldError('hamt/bad-options', `buckets of ${maxBucket}`)
    if (!Number.isInteger(minDataDepth) || minDataDepth < 0)
      throw new IpldError('hamt/bad-options', `data from depth ${minDataDepth}`)
    this.store = store
    this.shape = { bitWidth, maxBucket, minDataDepth, value }
    this.identity = hash === 'identity'
    this.node = new HamtNode()
  }

  /**
   * An empty map.
   * @throws {IpldError} hamt/bad-options
   */
  static create<V>(store: CborStore, options: HamtOptions<V>): Hamt<V> {
    return new Hamt(store, options)
  }

  /**
   * The map with this root. Reads the root node only.
   * @throws {IpldError} hamt/... where the node is malformed; cbor/..., cid/malformed, blockstore/absent, blockstore/unavailable, hamt/bad-options
   */
  static load<V>(store: CborStore, root: Cid, options: HamtOptions<V>): Hamt<V> {
    const hamt = new Hamt(store, options)
    hamt.node = hamt.loadNode(new Link(root), 0)
    hamt.stored = root
    return hamt
  }

  /** The root's CID, or `undefined` where there are changes to flush. */
  get root(): Cid | undefined {
    return this.stored
  }

  /** Whether there are changes to flush. A new map has one: its empty root. */
  get isDirty(): boolean {
    return this.stored === undefined
  }

  /** Whether the map has no entries. */
  get isEmpty(): boolean {
    return this.node.pointers.length === 0
  }

  /**
   * The value under `key`, or `undefined`.
   * @throws {IpldError} as {@link load}; hamt/max-depth
   */
  get(key: Uint8Array): V | undefined {
    return this.find(this.hash(key), key)?.value
  }

  /**
   * Whether there is a value under `key`.
   * @throws {IpldError} as {@link load}; hamt/max-depth
   */
  has(key: Uint8Array): boolean {
    return this.find(this.hash(key), key) !== undefined
  }

  /**
   * Puts `value` under `key`, replacing what was there. A value that encodes to the same bytes changes nothing.
   * @throws {IpldError} as {@link load}; hamt/max-depth where the key shares all its hash with more keys than a bucket holds
   */
  set(key: Uint8Array, value: V): void {
    const hash = this.hash(key)
    const found = this.find(hash, key)
    if (found !== undefined && isSameEncoding(this.shape.value, found.value, value, this.scratch)) return
    this.node = this.insert(this.own(this.node, this.stored !== undefined), hash, 0, createEntry(key, value))
    this.stored = undefined
  }

  /**
   * Puts `value` under `key` where nothing is there yet.
   * @returns whether it did
   * @throws {IpldError} as {@link set}
   */
  setIfAbsent(key: Uint8Array, value: V): boolean {
    const hash = this.hash(key)
    if (this.find(hash, key) !== undefined) return false
    this.node = this.insert(this.own(this.node, this.stored !== undefined), hash, 0, createEntry(key, value))
    this.stored = undefined
    return true
  }

  /**
   * Removes `key`.
   * @returns whether it was there
   * @throws {IpldError} as {@link load}; hamt/max-depth
   */
  delete(key: Uint8Array): boolean {
    return this.take(key) !== undefined
  }

  /**
   * Removes `key`.
   * @returns the value that was there, or `undefined`
   * @throws {IpldError} as {@link load}; hamt/max-depth
   */
  take(key: Uint8Array): V | undefined {
    const hash = this.hash(key)
    const found = this.find(hash, key)
    if (found === undefined) return undefined
    this.node = this.remove(this.own(this.node, this.stored !== undefined), hash, 0, found)
    this.stored = undefined
    return found.value
  }

  /** Removes everything. */
  clear(): void {
    if (this.isEmpty) return
    this.node = new HamtNode()
    this.stored = undefined
  }

  /**
   * Writes every changed node, children before parents.
   * @returns the root's CID, which depends on content and options only
   * @throws {IpldError} blockstore/unavailable; cbor/out-of-range where a value cannot be encoded
   */
  flush(): Cid {
    this.stored ??= this.write(this.node).cid
    return this.stored
  }

  /**
   * All entries, in the order of their hashed keys. Changing the map meanwhile makes what follows unspecified.
   *
   * Differs: refuses nodes below the depth at which a key can be found; the reference walks on.
   * @throws {IpldError} as {@link load}; hamt/max-depth
   */
  *entries(): IterableIterator<[key: Uint8Array, value: V]> {
    const stack: { node: HamtNode<V>; next: number }[] = [{ node: this.node, next: 0 }]
    for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
      const pointer = frame.node.pointers[frame.next++]
      if (pointer === undefined) stack.pop()
      else if (pointer instanceof HamtEntry) {
        let entry: HamtEntry<V> | undefined = pointer
        for (; entry !== undefined; entry = entry.next) yield [keyOf(entry), entry.value]
      } else {
        if (stack.length * this.shape.bitWidth >= HASH_BITS) tooDeep()
        stack.push({ node: this.child(pointer, stack.length), next: 0 })
      }
    }
  }

  /**
   * What turns this map into another of the same options. Stored nodes that both have are not read; values are equal where their bytes are.
   * @throws {IpldError} as {@link load}; hamt/max-depth; hamt/bad-options where the options differ
   */
  diff(after: Hamt<V>): Generator<HamtChange<V>, void, undefined> {
    const { bitWidth, minDataDepth, value } = this.shape
    if (
      after.shape.bitWidth !== bitWidth ||
      after.shape.minDataDepth !== minDataDepth ||
      after.identity !== this.identity
    )
      throw new IpldError('hamt/bad-options', 'maps of different options cannot be compared')
    const loaderOf =
      (map: Hamt<V>) =>
      (pointer: Link | HamtNode<V>, depth: number): HamtNode<V> => {
        if (depth * bitWidth >= HASH_BITS) tooDeep()
        return map.child(pointer, depth)
      }
    return diffNodes(this.node, after.node, 0, {
      ...{ bitWidth, before: loaderOf(this), after: loaderOf(after) },
      isSame: (a, b) => isSameEncoding(value, a, b, this.scratch),
    })
  }

  private hash(key: Uint8Array): Uint8Array {
    if (!this.identity) return this.store.crypto.sha256(key)
    const hash = new Uint8Array(HASH_BITS / 8)
    hash.set(key.subarray(0, hash.length))
    return hash
  }

  private find(hash: Uint8Array, key: Uint8Array): HamtEntry<V> | undefined {
    let node = this.node
    for (let depth = 0; ; depth++) {
      const index = this.index(hash, depth)
      if (!hasBit(node, index)) return undefined
      const pointer = node.pointers[rankOf(node, index)] as Pointer<V>
      if (pointer instanceof HamtEntry) return findEntry(pointer, key)
      node = this.child(pointer, depth + 1)
    }
  }

  /** Puts an entry into a node of this map's own, and gives that node. */
  private insert(node: HamtNode<V>, hash: Uint8Array, depth: number, entry: HamtEntry<V>): HamtNode<V> {
    const index = this.index(hash, depth)
    const at = rankOf(node, index)
    if (!hasBit(node, index)) {
      const pointer =
        depth < this.shape.minDataDepth ? this.insert(new HamtNode(), hash, depth + 1, entry) : entry
      setBit(node, index)
      node.pointers.splice(at, 0, pointer)
      return node
    }
    const pointer = node.pointers[at] as Pointer<V>
    node.pointers[at] =
      pointer instanceof HamtEntry
        ? this.insertIntoBucket(pointer, hash, depth, entry)
        : this.insert(this.ownChild(pointer, depth + 1), hash, depth + 1, entry)
    return node
  }

  private insertIntoBucket(
    first: HamtEntry<V>,
    hash: Uint8Array,
    depth: number,
    entry: HamtEntry<V>,
  ): Pointer<V> {
    const bucket = withEntry(first, entry)
    if (countEntries(bucket) <= this.shape.maxBucket) return bucket
    let node = this.insert(new HamtNode(), hash, depth + 1, entry.copy())
    for (let old: HamtEntry<V> | undefined = first; old !== undefined; old = old.next)
      node = this.insert(node, this.hash(keyOf(old)), depth + 1, old.copy())
    return node
  }

  /** Takes a key that is there out of a node of this map's own, and gives that node. */
  private remove(node: HamtNode<V>, hash: Uint8Array, depth: number, removed: HamtEntry<V>): HamtNode<V> {
    const index = this.index(hash, depth)
    const at = rankOf(node, index)
    const pointer = node.pointers[at] as Pointer<V>
    let rest: Pointer<V> | undefined
    if (pointer instanceof HamtEntry) rest = withoutEntry(pointer, removed)
    else {
      // Only a tree that is not canonical has a node with a single entry where a bucket would do. The reference gives up on it too.
      if (depth >= this.shape.minDataDepth && hasOneEntry(this.child(pointer, depth + 1)))
        throw new IpldError('hamt/empty-node', `a node at depth ${depth + 1} would be left without entries`)
      const child = this.remove(this.ownChild(pointer, depth + 1), hash, depth + 1, removed)
      rest = this.collapse(child, depth)
    }
    if (rest !== undefined) node.pointers[at] = rest
    else {
      clearBit(node, index)
      node.pointers.splice(at, 1)
    }
    return node
  }

  /** What stands at `depth` instead of a child from which an entry was taken: the child, one bucket with all its entries where they fit, or nothing. */
  private collapse(child: HamtNode<V>, depth: number): Pointer<V> | undefined {
    const { maxBucket, minDataDepth } = this.shape
    // It can only run empty above the least depth of buckets.
    if (child.pointers.length === 0) return undefined
    if (depth < minDataDepth || child.pointers.length > maxBucket) return child
    const entries: HamtEntry<V>[] = []
    for (const pointer of child.pointers) {
      if (!(pointer instanceof HamtEntry)) return child
      for (let entry: HamtEntry<V> | undefined = pointer; entry !== undefined; entry = entry.next)
        entries.push(entry)
    }
    if (entries.length > maxBucket) return child
    return prepend(entries.sort(compareEntries), undefined)
  }

  /** Stores the changed nodes from `node` down; afterwards it is shared. */
  private write(node: HamtNode<V>): Link {
    const { pointers } = node
    for (let i = 0; i < pointers.length; i++) {
      const pointer = pointers[i]
      if (pointer instanceof HamtNode) pointers[i] = this.write(pointer)
    }
    const cid = this.store.putBlock(DAG_CBOR, encodeNode(this.scratch.reset(), node, this.shape))
    const link = new Link(cid)
    this.store.nodes.set(link.key, { node, shape: this.shape } satisfies CachedNode<V>)
    return link
  }

  private child(pointer: Link | HamtNode<V>, depth: number): HamtNode<V> {
    return pointer instanceof Link ? this.loadNode(pointer, depth) : pointer
  }

  /** A child that may be changed. */
  private ownChild(pointer: Link | HamtNode<V>, depth: number): HamtNode<V> {
    return this.own(this.child(pointer, depth), pointer instanceof Link)
  }

  private own(node: HamtNode<V>, shared: boolean): HamtNode<V> {
    return shared ? node.copy() : node
  }

  private loadNode({ cid, key }: Link, depth: number): HamtNode<V> {
    const cached = this.store.nodes.get(key) as CachedNode<V> | undefined
    if (cached !== undefined && sameShape(cached.shape, this.shape)) {
      this.store.reuse(cid)
      checkPlace(cached.node, depth, this.shape)
      return cached.node
    }
    if (cid.code !== DAG_CBOR && cid.code !== CBOR)
      throw new IpldError('hamt/link-codec', `${cid} is neither DAG-CBOR nor CBOR`)
    const node = decodeNode(this.store.getBlock(cid), this.shape)
    checkPlace(node, depth, this.shape)
    this.store.nodes.set(key, { node, shape: this.shape } satisfies CachedNode<V>)
    return node
  }

  private index(hash: Uint8Array, depth: number): number {
    return hashIndex(hash, depth, this.shape.bitWidth) ?? tooDeep()
  }
}

function hasOneEntry<V>(node: HamtNode<V>): boolean {
  const [first, ...others] = node.pointers
  return others.length === 0 && first instanceof HamtEntry && first.next === undefined
}

function sameShape<V>(a: NodeShape<V>, b: NodeShape<V>): boolean {
  return a === b || (a.value === b.value && a.bitWidth === b.bitWidth && a.maxBucket === b.maxBucket)
}

function tooDeep(): never {
  throw new IpldError('hamt/max-depth', 'all bits of the hashed key are used up')
}
