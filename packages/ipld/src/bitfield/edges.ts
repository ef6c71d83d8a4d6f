/**
 * @module Sets of bits as sorted lists of edges: the positions where membership flips, `[start, end, start, end, ...]`. Ranges are
 * non-empty, ascending, and neither overlap nor touch, so that equal sets have equal lists and every set operation is one merge.
 */

/** One past the highest position an edge may take. A bit `b` has edges `b` and `b + 1`, so bits end at 2^64 - 2. */
export const EDGE_LIMIT: bigint = 2n ** 64n

/** How many edges stand at or before `bit`. Odd exactly where the bit is a member. */
export function edgesUpTo(edges: readonly bigint[], bit: bigint): number {
  let low = 0
  let high = edges.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((edges[middle] as bigint) <= bit) low = middle + 1
    else high = middle
  }
  return low
}

/** Turns one bit into its opposite. `index` is what {@link edgesUpTo} says of the bit. */
export function flipBit(edges: bigint[], index: number, bit: bigint): void {
  const after = bit + 1n
  const touchesLeft = index > 0 && edges[index - 1] === bit
  const touchesRight = index < edges.length && edges[index] === after
  if (touchesLeft && touchesRight) edges.splice(index - 1, 2)
  else if (touchesLeft) edges[index - 1] = after
  else if (touchesRight) edges[index] = bit
  else edges.splice(index, 0, bit, after)
}

/** The bits for which `keep` holds, given whether they are in `a` and in `b`. `keep(false, false)` must be false. */
export function mergeEdges(
  a: readonly bigint[],
  b: readonly bigint[],
  keep: (inA: boolean, inB: boolean) => boolean,
): bigint[] {
  const merged: bigint[] = []
  let i = 0
  let j = 0
  let inside = false
  while (i < a.length || j < b.length) {
    const nextA = a[i]
    const nextB = b[j]
    const position = nextB === undefined || (nextA !== undefined && nextA < nextB) ? (nextA as bigint) : nextB
    if (nextA === position) i++
    if (nextB === position) j++
    const now = keep(i % 2 === 1, j % 2 === 1)
    if (now !== inside) {
      merged.push(position)
      inside = now
    }
  }
  return merged
}

/** The bits of `a` that are not in `b`, each moved down by how many bits of `b` stand before it. */
export function cutEdges(a: readonly bigint[], b: readonly bigint[]): bigint[] {
  const left = mergeEdges(a, b, (inA, inB) => inA && !inB)
  const result: bigint[] = []
  let removed = 0n
  let j = 0
  for (let i = 0; i < left.length; i += 2) {
    const start = left[i] as bigint
    const end = left[i + 1] as bigint
    // Every range of b that begins before this one also ends before it: what is left of a is disjoint from b.
    while (j < b.length && (b[j] as bigint) < start) {
      removed += (b[j + 1] as bigint) - (b[j] as bigint)
      j += 2
    }
    appendRange(result, start - removed, end - removed)
  }
  return result
}

/** The members numbered `skip` to `skip + take`, counted from the lowest; fewer where there are fewer. */
export function sliceEdges(edges: readonly bigint[], skip: bigint, take: bigint): bigint[] {
  const result: bigint[] = []
  let toSkip = skip
  let toTake = take
  for (let i = 0; i < edges.length && toTake > 0n; i += 2) {
    const start = (edges[i] as bigint) + toSkip
    const end = edges[i + 1] as bigint
    if (start >= end) {
      toSkip = start - end
      continue
    }
    toSkip = 0n
    const stop = end - start > toTake ? start + toTake : end
    result.push(start, stop)
    toTake -= stop - start
  }
  return result
}

/** How many bits are members. */
export function countBits(edges: readonly bigint[]): bigint {
  let count = 0n
  for (let i = 0; i < edges.length; i += 2) count += (edges[i + 1] as bigint) - (edges[i] as bigint)
  return count
}

/** Adds a range that begins at or after the end of the last one, joining them where they touch. */
export function appendRange(edges: bigint[], start: bigint, end: bigint): void {
  if (edges[edges.length - 1] === start) edges[edges.length - 1] = end
  else edges.push(start, end)
}
