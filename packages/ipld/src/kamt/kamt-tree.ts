/** @module How a KAMT reads, writes and walks its nodes. */
import type { CborStore } from '../blockstore/cbor-store.ts'
import { CborReader } from '../cbor/reader.ts'
import type { CborWriter } from '../cbor/writer.ts'
import { type Cid, cidKey, DAG_CBOR } from '../cid/cid.ts'
import { hasBit, rankOf } from '../hamt/bits.ts'
import { compareBytes } from './kamt-keys.ts'
import {
  entriesOf,
  KamtEntry,
  type KamtForm,
  KamtLink,
  type KamtNode,
  type KamtPointer,
  readNode,
  writeNode,
} from './kamt-node.ts'

/** What the node cache keeps. A node is right only for the codecs that decoded it. */
interface CachedNode<K, V> {
  readonly form: KamtForm<K, V>
  readonly node: KamtNode<K, V>
}

/**
 * The node of a CID, as a tree's own.
 * @throws {IpldError} blockstore/..., and as `readNode`
 */
export function loadNode<K, V>(
  store: CborStore,
  form: KamtForm<K, V>,
  cid: Cid,
  level: number,
): KamtNode<K, V> {
  const key = cacheKey(form, cid, level)
  const cached = store.nodes.get(key) as CachedNode<K, V> | undefined
  if (cached?.form.keys === form.keys && cached.form.values === form.values) {
    store.reuse(cid)
    return cached.node.copy()
  }
  const reader = new CborReader(store.getBlock(cid))
  const node = readNode(reader, form, level)
  reader.end()
  store.nodes.set(key, { form, node: node.copy() } satisfies CachedNode<K, V>)
  return node
}

function cacheKey<K, V>(
  { bitWidth, maxArrayWidth, minDataDepth }: KamtForm<K, V>,
  cid: Cid,
  level: number,
): string {
  return `kamt ${bitWidth} ${minDataDepth} ${maxArrayWidth} ${level} ${cidKey(cid)}`
}

/** The node behind a link, which stands at `level`: read once, then kept in the link. */
export function followLink<K, V>(
  store: CborStore,
  form: KamtForm<K, V>,
  link: KamtLink<K, V>,
  level: number,
): KamtNode<K, V> {
  link.node ??= loadNode(store, form, link.cid as Cid, level)
  return link.node
}

/** Writes a node that stands at `level`, after every dirty node below it in slot order. The writer is scratch. */
export function flushNode<K, V>(
  store: CborStore,
  form: KamtForm<K, V>,
  node: KamtNode<K, V>,
  level: number,
  writer: CborWriter,
): Cid {
  for (const pointer of node.pointers) {
    if (pointer instanceof KamtLink && pointer.cid === undefined) {
      const below = level + 1 + pointer.extension.length
      pointer.cid = flushNode(store, form, pointer.node as KamtNode<K, V>, below, writer)
    }
  }
  writeNode(writer.reset(), node, form)
  const cid = store.putBlock(DAG_CBOR, writer.finish())
  store.nodes.set(cacheKey(form, cid, level), { form, node: node.copy() } satisfies CachedNode<K, V>)
  return cid
}

/** The entries below a node in the order of their hashes, from `start` on: the hash in digits, or `undefined` for all. */
export function* walk<K, V>(
  store: CborStore,
  form: KamtForm<K, V>,
  node: KamtNode<K, V>,
  level: number,
  start: KamtStart | undefined,
): Generator<readonly [key: K, value: V], void, undefined> {
  const startSlot = start === undefined ? -1 : (start.path[level] as number)
  let rank = start === undefined ? 0 : rankOf(node, startSlot)
  const isStartTaken = start !== undefined && hasBit(node, startSlot)
  for (const first = rank; rank < node.pointers.length; rank++) {
    const pointer = node.pointers[rank] as KamtPointer<K, V>
    const inStartSlot = isStartTaken && rank === first ? start : undefined
    if (pointer instanceof KamtEntry) {
      for (const entry of entriesOf(pointer)) {
        if (inStartSlot === undefined || compareBytes(form.keys.hash(entry[0]), inStartSlot.hash) >= 0)
          yield entry
      }
      continue
    }
    const below = level + 1 + pointer.extension.length
    const skipped = inStartSlot?.path.subarray(level + 1, below)
    const skippedOrder = skipped === undefined ? 1 : compareBytes(pointer.extension, skipped)
    if (skippedOrder < 0) continue
    const child = followLink(store, form, pointer, below)
    yield* walk(store, form, child, below, skippedOrder === 0 ? inStartSlot : undefined)
  }
}

/** Where a walk begins. */
export interface KamtStart {
  readonly hash: Uint8Array
  readonly path: Uint8Array
}
