import { encodeValue } from '../cbor/value-codec.ts'
import { cidEquals } from '../cid/cid.ts'
import { indexBelow } from './amt-index.ts'
import { type AmtNode, cidOfLink, hasSlot, slotsOf, unionOf } from './amt-node.ts'
import { type AmtSubtree, followLink, walk } from './amt-tree.ts'

/** One difference between two AMTs: added where there is nothing `before`, removed where there is nothing `after`, else modified. */
export interface AmtChange<V> {
  readonly index: bigint
  readonly before: V | undefined
  readonly after: V | undefined
}

type Changes<V> = Generator<AmtChange<V>, void, undefined>

/**
 * What turns one tree into another of the same bit width, in index order. Subtrees of equal CIDs are not read; values are equal where their bytes are.
 *
 * Differs: where the heights are unequal and the taller tree has nothing in the range of the lower one, the reference leaves the entries of the lower
 * one out of the changes (ref-fvm@master ipld/amt/src/diff.rs and go-amt-ipld@v4 diff.go: an empty first link is passed over).
 */
export function* diffSubtrees<V>(
  before: AmtSubtree<V> | undefined,
  after: AmtSubtree<V> | undefined,
  offset: bigint,
): Changes<V> {
  if (before === undefined || after === undefined) {
    if (before !== undefined) yield* removeAll(before, offset)
    if (after !== undefined) yield* addAll(after, offset)
  } else if (before.height !== after.height) yield* diffUneven(before, after, offset)
  else if (before.height === 0) yield* diffLeaves(before, after, offset)
  else yield* diffLinks(before, after, offset)
}

function* removeAll<V>(subtree: AmtSubtree<V>, offset: bigint): Changes<V> {
  for (const [index, before] of walk(subtree, offset, 0)) yield { index, before, after: undefined }
}

function* addAll<V>(subtree: AmtSubtree<V>, offset: bigint): Changes<V> {
  for (const [index, after] of walk(subtree, offset, 0)) yield { index, before: undefined, after }
}

/** The lower tree stands where the first child of the taller one does. */
function* diffUneven<V>(before: AmtSubtree<V>, after: AmtSubtree<V>, offset: bigint): Changes<V> {
  const beforeIsTaller = before.height > after.height
  const taller = beforeIsTaller ? before : after
  const { bitWidth } = taller.context
  let rank = hasSlot(taller.node, 0) ? 1 : 0
  const first = rank === 1 ? childOf(taller, 0) : undefined
  yield* beforeIsTaller ? diffSubtrees(first, after, offset) : diffSubtrees(before, first, offset)
  for (const slot of slotsOf(taller.node, 1)) {
    const child = childOf(taller, rank++)
    const below = indexBelow(offset, slot, taller.height, bitWidth)
    yield* beforeIsTaller ? diffSubtrees(child, undefined, below) : diffSubtrees(undefined, child, below)
  }
}

function* diffLinks<V>(before: AmtSubtree<V>, after: AmtSubtree<V>, offset: bigint): Changes<V> {
  const { height, context } = before
  for (const [slot, rankBefore, rankAfter] of pairSlots(before.node, after.node)) {
    const cidBefore = cidOfLink(before.node.links[rankBefore])
    const cidAfter = cidOfLink(after.node.links[rankAfter])
    if (cidBefore && cidAfter && cidEquals(cidBefore, cidAfter)) continue
    const below = indexBelow(offset, slot, height, context.bitWidth)
    yield* diffSubtrees(childOf(before, rankBefore), childOf(after, rankAfter), below)
  }
}

function* diffLeaves<V>(before: AmtSubtree<V>, after: AmtSubtree<V>, offset: bigint): Changes<V> {
  for (const [slot, rankBefore, rankAfter] of pairSlots(before.node, after.node)) {
    const index = offset + BigInt(slot)
    const valueBefore = before.node.values[rankBefore]
    const valueAfter = after.node.values[rankAfter]
    const both = rankBefore >= 0 && rankAfter >= 0
    if (both && sameBytes(before, valueBefore as V, after, valueAfter as V)) continue
    yield { index, before: valueBefore, after: valueAfter }
  }
}

/** The slots that either node has taken, ascending, each with the ranks of its items; -1 where the slot is free. */
function* pairSlots(
  before: AmtNode<unknown>,
  after: AmtNode<unknown>,
): Generator<[slot: number, rankBefore: number, rankAfter: number], void, undefined> {
  let rankBefore = 0
  let rankAfter = 0
  for (const slot of slotsOf(unionOf(before, after))) {
    yield [slot, hasSlot(before, slot) ? rankBefore++ : -1, hasSlot(after, slot) ? rankAfter++ : -1]
  }
}

/** The subtree behind the link at a rank; none at -1. */
function childOf<V>({ context, node, height }: AmtSubtree<V>, rank: number): AmtSubtree<V> | undefined {
  if (rank < 0) return undefined
  return { context, node: followLink(context, node, rank, height - 1), height: height - 1 }
}

function sameBytes<V>(before: AmtSubtree<V>, a: V, after: AmtSubtree<V>, b: V): boolean {
  if (Object.is(a, b)) return true
  const x = encodeValue(before.context.values, a)
  const y = encodeValue(after.context.values, b)
  return x.length === y.length && x.every((byte, i) => byte === y[i])
}
