import type { CborStore } from '../blockstore/cbor-store.ts'
import { CborReader } from '../cbor/reader.ts'
import type { ValueCodec } from '../cbor/value-codec.ts'
import { CborWriter } from '../cbor/writer.ts'
import { type Cid, DAG_CBOR } from '../cid/cid.ts'
import { IpldError } from '../errors.ts'
import { type AmtChange, diffSubtrees } from './amt-diff.ts'
import { type AmtIndex, checkIndex, fitsHeight, slotOf } from './amt-index.ts'
import {
  type AmtNode,
  emptyNode,
  hasSlot,
  isEmptyNode,
  markSlot,
  rankOf,
  readNode,
  writeNode,
} from './amt-node.ts'
import { type AmtContext, flushLinks, followLink, walk } from './amt-tree.ts'

/** The bit width where none is given, and the one of every AMT of version 0. */
export const DEFAULT_AMT_BIT_WIDTH = 3

/**
 * The widest AMT: a bitmap of 512 KiB, the largest power of two that fits into a block of one MiB.
 *
 * Differs: the reference leaves the width unbounded, and loops forever at 0.
 */
export const MAX_AMT_BIT_WIDTH = 22

/** Options of an AMT. */
export interface AmtOptions<V> {
  /** How values stand in CBOR. No value decodes to `undefined`, which stands for absence. */
  readonly value: ValueCodec<V>
  /** Slots of a node, as a power of two: 1 to {@link MAX_AMT_BIT_WIDTH}. Default 3 for a new AMT, and what the root says for a loaded one. */
  readonly bitWidth?: number
  /** The form of the root: 3 (the default), or 0 for the one of block headers, whose width is always 3. */
  readonly version?: 3 | 0
}

/**
 * An array-mapped trie: a sparse array over blocks, indexed from 0 to 2^64 - 2.
 *
 * Indices go in as `bigint` or as a safe integer and come out, like the count, as `bigint`. The same entries always give the same root, in whatever order
 * they were made. Nodes are read when they are needed and written by {@link Amt.flush} only. Values belong to the AMT: do not change one in place.
 *
 * *Shape* of the root: `[bit width, height, count, node]`; version 0: `[height, count, node]`.
 *
 * *Cost*: each operation reads the nodes on one path, and those only once in the life of the object.
 *
 * *Source*: ref-fvm@master ipld/amt.
 */
export class Amt<V> {
  readonly #context: AmtContext<V>
  readonly #version: 3 | 0
  #root: AmtNode<V>
  #height: number
  #count: bigint
  #flushed: Cid | undefined

  private constructor(
    context: AmtContext<V>,
    version: 3 | 0,
    state: { root: AmtNode<V>; height: number; count: bigint; flushed: Cid | undefined },
  ) {
    this.#context = context
    this.#version = version
    this.#root = state.root
    this.#height = state.height
    this.#count = state.count
    this.#flushed = state.flushed
  }

  /**
   * An AMT without entries.
   * @throws {IpldError} amt/bad-options
   */
  static create<V>(store: CborStore, options: AmtOptions<V>): Amt<V> {
    const version = options.version ?? 3
    const bitWidth = checkWidth(options.bitWidth ?? DEFAULT_AMT_BIT_WIDTH, version)
    const root = emptyNode<V>(bitWidth)
    return new Amt({ store, bitWidth, values: options.value }, version, {
      root,
      height: 0,
      count: 0n,
      flushed: undefined,
    })
  }

  /**
   * The AMT of a root block.
   *
   * Differs: the reference checks no more of the height than that it is at most 64, and nothing of the count; the bounds here are those of go-amt-ipld@v4.
   *
   * @throws {IpldError} amt/bad-options where the width is not allowed or not the one asked for, amt/height, amt/count, the codes of a malformed
   *   node (amt/bitmap-length, amt/bitmap-count, amt/links-and-values, amt/wrong-node-kind, amt/empty-node, amt/link-codec), blockstore/...,
   *   cbor/..., cid/malformed
   */
  static load<V>(store: CborStore, root: Cid, options: AmtOptions<V>): Amt<V> {
    const version = options.version ?? 3
    const reader = new CborReader(store.getBlock(root))
    reader.tuple(version === 3 ? 4 : 3)
    const bitWidth = checkWidth(version === 3 ? reader.uint(32) : DEFAULT_AMT_BIT_WIDTH, version)
    if (options.bitWidth !== undefined && options.bitWidth !== bitWidth) {
      throw new IpldError('amt/bad-options', `bit width ${bitWidth} where ${options.bitWidth} is expected`)
    }
    const height = reader.uint(32)
    if (height * bitWidth >= 64)
      throw new IpldError('amt/height', `height ${height} at bit width ${bitWidth}`)
    const count = reader.uint64()
    const node = readNode(reader, { bitWidth, height, mayBeEmpty: height === 0 }, options.value)
    reader.end()
    if (!isPossibleCount(count, node, height, bitWidth)) {
      throw new IpldError('amt/count', `${count} entries at height ${height}`)
    }
    return new Amt({ store, bitWidth, values: options.value }, version, {
      root: node,
      height,
      count,
      flushed: root,
    })
  }

  /** How many entries there are. */
  get count(): bigint {
    return this.#count
  }

  /** How many levels stand below the root. */
  get height(): number {
    return this.#height
  }

  /** Slots of a node, as a power of two. */
  get bitWidth(): number {
    return this.#context.bitWidth
  }

  /**
   * The value at an index, or `undefined`.
   * @throws {IpldError} amt/out-of-range; for a missing or malformed node as {@link Amt.load}
   */
  get(index: AmtIndex): V | undefined {
    const at = checkIndex(index)
    const { bitWidth } = this.#context
    if (!fitsHeight(at, this.#height, bitWidth)) return undefined
    let node = this.#root
    for (let height = this.#height; ; height--) {
      const slot = slotOf(at, height, bitWidth)
      if (!hasSlot(node, slot)) return undefined
      const rank = rankOf(node, slot)
      if (height === 0) return node.values[rank]
      node = followLink(this.#context, node, rank, height - 1)
    }
  }

  /**
   * Puts a value at an index, growing the tree where the index needs it.
   * @throws {IpldError} amt/out-of-range; for a missing or malformed node as {@link Amt.load}
   */
  set(index: AmtIndex, value: V): void {
    const at = checkIndex(index)
    while (!fitsHeight(at, this.#height, this.bitWidth)) this.#grow()
    if (this.#setBelow(this.#root, this.#height, at, value)) this.#count++
    this.#flushed = undefined
  }

  /** Puts values at 0, 1, 2, ... */
  batchSet(values: Iterable<V>): void {
    let index = 0
    for (const value of values) this.set(index++, value)
  }

  /**
   * Takes out the value at an index, making the tree as low as what is left allows.
   * @returns the value, or `undefined` where there was none
   * @throws {IpldError} amt/out-of-range; amt/count where the root counts fewer entries than there are; for a missing or malformed node as {@link Amt.load}
   */
  delete(index: AmtIndex): V | undefined {
    const at = checkIndex(index)
    if (!fitsHeight(at, this.#height, this.bitWidth)) return undefined
    const deleted = this.#deleteBelow(this.#root, this.#height, at)
    if (deleted === undefined) return undefined
    this.#flushed = undefined
    if ((this.#count === 1n) !== isEmptyNode(this.#root)) {
      throw new IpldError('amt/count', 'the root counts other entries than there are')
    }
    this.#count--
    this.#collapse()
    return deleted
  }

  /**
   * Writes what has changed, children before parents and the root last.
   * @returns the CID of the root
   * @throws {IpldError} blockstore/unavailable, and what the value codec throws
   */
  flush(): Cid {
    if (this.#flushed !== undefined) return this.#flushed
    const writer = new CborWriter()
    flushLinks(this.#context, this.#root, writer)
    writer.reset()
    if (this.#version === 3) writer.array(4).uint(this.bitWidth)
    else writer.array(3)
    writer.uint(this.#height).uint(this.#count)
    writeNode(writer, this.#root, this.bitWidth, this.#context.values)
    this.#flushed = this.#context.store.putBlock(DAG_CBOR, writer.finish())
    return this.#flushed
  }

  /**
   * The entries in index order, from the first whose index is at least `start`. Do not change the AMT meanwhile.
   * @throws {IpldError} amt/out-of-range; for a missing or malformed node as {@link Amt.load}
   */
  *entries(start: AmtIndex = 0): Generator<[index: bigint, value: V], void, undefined> {
    const from = checkIndex(start)
    if (!fitsHeight(from, this.#height, this.bitWidth)) return
    yield* walk({ context: this.#context, node: this.#root, height: this.#height }, 0n, from)
  }

  /**
   * What turns this AMT into `other`, in index order, reading only what differs. Do not change either meanwhile.
   * @throws {IpldError} amt/bad-options where the bit widths differ; for a missing or malformed node as {@link Amt.load}
   */
  *diff(other: Amt<V>): Generator<AmtChange<V>, void, undefined> {
    if (this.bitWidth !== other.bitWidth) {
      throw new IpldError('amt/bad-options', `bit widths ${this.bitWidth} and ${other.bitWidth} in one diff`)
    }
    yield* diffSubtrees(
      { context: this.#context, node: this.#root, height: this.#height },
      { context: other.#context, node: other.#root, height: other.#height },
      0n,
    )
  }

  /** Puts a node above the root, whose only link is to it. A root without items is dropped: no node below the root is empty. */
  #grow(): void {
    const above = emptyNode<V>(this.bitWidth)
    if (!isEmptyNode(this.#root)) {
      // As a root it may have been changed, or have been another's child before: it is written anew.
      this.#root.cid = undefined
      above.links.push(this.#root)
      markSlot(above, 0, true)
    }
    this.#root = above
    this.#height++
  }

  /** @returns whether the index was free */
  #setBelow(node: AmtNode<V>, height: number, index: AmtIndex, value: V): boolean {
    const slot = slotOf(index, height, this.bitWidth)
    const rank = rankOf(node, slot)
    const taken = hasSlot(node, slot)
    if (height === 0) {
      if (taken) node.values[rank] = value
      else node.values.splice(rank, 0, value)
      markSlot(node, slot, true)
      return !taken
    }
    if (!taken) {
      const child = emptyNode<V>(this.bitWidth)
      this.#setBelow(child, height - 1, index, value)
      node.links.splice(rank, 0, child)
      markSlot(node, slot, true)
      return true
    }
    const child = followLink(this.#context, node, rank, height - 1)
    const added = this.#setBelow(child, height - 1, index, value)
    child.cid = undefined
    return added
  }

  /** @returns what was at the index; nothing has changed where that is `undefined` */
  #deleteBelow(node: AmtNode<V>, height: number, index: AmtIndex): V | undefined {
    const slot = slotOf(index, height, this.bitWidth)
    if (!hasSlot(node, slot)) return undefined
    const rank = rankOf(node, slot)
    if (height === 0) {
      markSlot(node, slot, false)
      return node.values.splice(rank, 1)[0]
    }
    const child = followLink(this.#context, node, rank, height - 1)
    const deleted = this.#deleteBelow(child, height - 1, index)
    if (deleted === undefined) return undefined
    if (isEmptyNode(child)) {
      markSlot(node, slot, false)
      node.links.splice(rank, 1)
    } else child.cid = undefined
    return deleted
  }

  /** Lowers the tree: to nothing where no items are left, else for as long as all of them are behind the first slot. */
  #collapse(): void {
    if (isEmptyNode(this.#root)) {
      this.#root = emptyNode(this.bitWidth)
      this.#height = 0
    }
    while (this.#height > 0 && this.#root.links.length === 1 && hasSlot(this.#root, 0)) {
      this.#root = followLink(this.#context, this.#root, 0, this.#height - 1)
      this.#height--
    }
  }
}

function checkWidth(bitWidth: number, version: 3 | 0): number {
  const allowed =
    version === 3
      ? Number.isInteger(bitWidth) && bitWidth >= 1 && bitWidth <= MAX_AMT_BIT_WIDTH
      : bitWidth === DEFAULT_AMT_BIT_WIDTH
  if (!allowed) throw new IpldError('amt/bad-options', `bit width ${bitWidth} in version ${version}`)
  return bitWidth
}

/** Whether a root can be right about its count, as far as it can be seen: exactly in a leaf; else at least an entry a link, and no more than have room. */
function isPossibleCount(count: bigint, root: AmtNode<unknown>, height: number, bitWidth: number): boolean {
  if (height === 0) return count === BigInt(root.values.length)
  return count >= BigInt(root.links.length) && fitsHeight(count - 1n, height, bitWidth)
}
