import { bytesKey, cidEquals } from '../cid/cid.ts'
import { hasBit } from './bits.ts'
import { HamtEntry, keyOf } from './entry.ts'
import { type HamtNode, Link, type Pointer } from './node.ts'

/** One difference between two HAMTs: added where there is nothing `before`, removed where there is nothing `after`, else modified. */
export interface HamtChange<V> {
  readonly key: Uint8Array
  readonly before: V | undefined
  readonly after: V | undefined
}

/** What the comparison of two HAMTs of one shape needs. */
export interface HamtComparison<V> {
  /** Loads the children of the one, and those of the other. */
  readonly before: (pointer: Link | HamtNode<V>, depth: number) => HamtNode<V>
  readonly after: (pointer: Link | HamtNode<V>, depth: number) => HamtNode<V>
  readonly bitWidth: number
  readonly isSame: (a: V, b: V) => boolean
}

/**
 * What turns one node into another, in the order of hashed keys as far as the trees have the same shape. Stored nodes of equal CIDs are not read.
 *
 * Entries stand in buckets, and move into nodes of their own when a bucket is full: where one side has a bucket and the other a node, the entries of both are
 * compared by their keys.
 */
export function* diffNodes<V>(
  before: HamtNode<V>,
  after: HamtNode<V>,
  depth: number,
  comparison: HamtComparison<V>,
): Generator<HamtChange<V>, void, undefined> {
  let [rankBefore, rankAfter] = [0, 0]
  for (let index = 0; index < 1 << comparison.bitWidth; index++) {
    const a = hasBit(before, index) ? before.pointers[rankBefore++] : undefined
    const b = hasBit(after, index) ? after.pointers[rankAfter++] : undefined
    if (isSameChild(a, b)) continue
    if (isNode(a) && isNode(b))
      yield* diffNodes(comparison.before(a, depth + 1), comparison.after(b, depth + 1), depth + 1, comparison)
    else
      yield* diffEntries(
        entriesOf(a, depth, comparison.before),
        entriesOf(b, depth, comparison.after),
        comparison,
      )
  }
}

function isSameChild<V>(a: Pointer<V> | undefined, b: Pointer<V> | undefined): boolean {
  if (a === b) return true
  return a instanceof Link && b instanceof Link && cidEquals(a.cid, b.cid)
}

function isNode<V>(pointer: Pointer<V> | undefined): pointer is Link | HamtNode<V> {
  return pointer !== undefined && !(pointer instanceof HamtEntry)
}

function* diffEntries<V>(
  before: Map<string, HamtEntry<V>>,
  after: Map<string, HamtEntry<V>>,
  { isSame }: HamtComparison<V>,
): Generator<HamtChange<V>, void, undefined> {
  for (const [key, a] of before) {
    const b = after.get(key)
    if (b === undefined || !isSame(a.value, b.value))
      yield { key: keyOf(a), before: a.value, after: b?.value }
  }
  for (const [key, b] of after)
    if (!before.has(key)) yield { key: keyOf(b), before: undefined, after: b.value }
}

/** All entries under a pointer, by their keys. */
function entriesOf<V>(
  pointer: Pointer<V> | undefined,
  depth: number,
  load: HamtComparison<V>['before'],
): Map<string, HamtEntry<V>> {
  const entries = new Map<string, HamtEntry<V>>()
  const visit = (at: Pointer<V>, level: number): void => {
    if (!(at instanceof HamtEntry)) for (const child of load(at, level + 1).pointers) visit(child, level + 1)
    else
      for (let entry: HamtEntry<V> | undefined = at; entry !== undefined; entry = entry.next)
        entries.set(bytesKey(keyOf(entry)), entry)
  }
  if (pointer !== undefined) visit(pointer, depth)
  return entries
}
