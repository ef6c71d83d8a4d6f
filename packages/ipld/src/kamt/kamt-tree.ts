/** @module How a KAMT reads, writes and walks its nodes. */
import type { CborStore } from '../blockstore/cbor-store.ts'
import { CborReader } from '../cbor/reader.ts'
import { CborWriter } from '../cbor/writer.ts'
import { type Cid, cidKey, DAG_CBOR } from '../cid/cid.ts'
import { compareBytes } from './kamt-keys.ts'
import { type KamtForm, type KamtLink, type KamtNode, readNode, writeNode } from './kamt-node.ts'

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
  const key = `kamt ${form.bitWidth} ${form.minDataDepth} ${form.maxArrayWidth} ${level} ${cidKey(cid)}`
  const cached = store.nodes.get(key) as CachedNode<K, V> | undefined
  if (cached?.form.keys === form.keys && cached.form.values === form.values) return copyNode(cached.node)
  const reader = new CborReader(store.getBlock(cid))
  const node = readNode(reader, form, level)
  reader.end()
  store.nodes.set(key, { form, node: copyNode(node) } satisfies CachedNode<K, V>)
  return node
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

/** Writes a node, after every dirty node below it in slot order. */
export function flushNode<K, V>(store: CborStore, form: KamtForm<K, V>, node: KamtNode<K, V>): Cid {
  for (const pointer of node.pointers) {
    if (pointer.kind === 'link' && pointer.cid === undefined) {
      pointer.cid = flushNode(store, form, pointer.node as KamtNode<K, V>)
    }
  }
  const writer = new CborWriter()
  writeNode(writer, node, form)
  return store.putBlock(DAG_CBOR, writer.finish())
}

/** The entries below a node in the order of their hashes, from `start` on: the hash in digits, or `undefined` for all. */
export function* walk<K, V>(
  store: CborStore,
  form: KamtForm<K, V>,
  node: KamtNode<K, V>,
  level: number,
  start: KamtStart | undefined,
): Generator<readonly [key: K, value: V], void, undefined> {
  for (const pointer of node.pointers) {
    const order = start === undefined ? 1 : pointer.slot - (start.path[level] as number)
    if (order < 0) continue
    const inStartSlot = order === 0 ? start : undefined
    if (pointer.kind === 'bucket') {
      for (const entry of pointer.entries) {
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

/** A node of its own with the same pointers. Links are copied as not followed. */
function copyNode<K, V>({ pointers }: KamtNode<K, V>): KamtNode<K, V> {
  return {
    pointers: pointers.map((pointer) =>
      pointer.kind === 'bucket'
        ? { ...pointer, entries: pointer.entries.slice() }
        : { ...pointer, node: undefined },
    ),
  }
}
