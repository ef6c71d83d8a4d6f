/** @module What the operations of an AMT share: where its nodes come from, and walking them. */

import type { CborStore } from '../blockstore/cbor-store.ts'
import { CborReader } from '../cbor/reader.ts'
import type { ValueCodec } from '../cbor/value-codec.ts'
import type { CborWriter } from '../cbor/writer.ts'
import { type Cid, cidKey, DAG_CBOR } from '../cid/cid.ts'
import { type AmtIndex, indexBelow, slotOf } from './amt-index.ts'
import { type AmtLink, AmtNode, copyNode, rankOf, readNode, slotsOf, writeNode } from './amt-node.ts'

/** The fixed parts of one AMT. */
export interface AmtContext<V> {
  readonly store: CborStore
  readonly bitWidth: number
  readonly values: ValueCodec<V>
}

/** A node with the height it stands at. */
export interface AmtSubtree<V> {
  readonly context: AmtContext<V>
  readonly node: AmtNode<V>
  readonly height: number
}

/** What the node cache keeps. A node is right only for the codec that decoded its values. */
interface CachedNode {
  readonly values: ValueCodec<unknown>
  readonly node: AmtNode<unknown>
}

/**
 * The node behind the link at a rank of a node at `height + 1`: read once, then kept in place of the link.
 * @throws {IpldError} blockstore/..., and as `readNode`
 */
export function followLink<V>(
  context: AmtContext<V>,
  { links }: AmtNode<V>,
  rank: number,
  height: number,
): AmtNode<V> {
  const link = links[rank] as AmtLink<V>
  if (link instanceof AmtNode) return link
  const node = loadNode(context, link, height)
  links[rank] = node
  return node
}

function loadNode<V>({ store, bitWidth, values }: AmtContext<V>, cid: Cid, height: number): AmtNode<V> {
  const key = `amt ${bitWidth} ${height} ${cidKey(cid)}`
  const cached = store.nodes.get(key) as CachedNode | undefined
  if (cached !== undefined && cached.values === values) {
    store.reuse(cid)
    return copyNode(cached.node as AmtNode<V>)
  }
  const reader = new CborReader(store.getBlock(cid))
  const node = readNode(reader, { bitWidth, height, mayBeEmpty: false }, values)
  reader.end()
  node.cid = cid
  store.nodes.set(key, { values, node: copyNode(node) } satisfies CachedNode)
  return node
}

/** Writes every dirty node below this one, children first and in slot order. The writer is scratch. */
export function flushLinks<V>(context: AmtContext<V>, node: AmtNode<V>, writer: CborWriter): void {
  for (const child of node.links) {
    if (!(child instanceof AmtNode) || child.cid !== undefined) continue
    flushLinks(context, child, writer)
    writeNode(writer.reset(), child, context.bitWidth, context.values)
    child.cid = context.store.putBlock(DAG_CBOR, writer.finish())
  }
}

/** The entries below a node that begins at `offset`, in index order, from the index `start` on. */
export function* walk<V>(
  { context, node, height }: AmtSubtree<V>,
  offset: bigint,
  start: AmtIndex,
): Generator<[index: bigint, value: V], void, undefined> {
  const { bitWidth } = context
  const firstSlot = offset >= start ? 0 : slotOf(start, height, bitWidth)
  let rank = rankOf(node, firstSlot)
  for (const slot of slotsOf(node, firstSlot)) {
    const index = indexBelow(offset, slot, height, bitWidth)
    if (height === 0) yield [index, node.values[rank] as V]
    else {
      const child = followLink(context, node, rank, height - 1)
      yield* walk({ context, node: child, height: height - 1 }, index, start)
    }
    rank++
  }
}
