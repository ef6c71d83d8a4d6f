/**
 * Tells whether no two of these byte strings are equal.
 *
 * Aggregate BLS signatures need it: a repeated message would let a rogue key cancel another one
 * (draft-irtf-cfrg-bls-signature, section 3.1). Cost: one sort, so n log n comparisons.
 */
export function areDistinct(items: readonly Uint8Array[]): boolean {
  const sorted = items.toSorted(compareBytes)
  for (let i = 1; i < sorted.length; i++) {
    if (compareBytes(sorted[i - 1] as Uint8Array, sorted[i] as Uint8Array) === 0) return false
  }
  return true
}

/** Orders by length first: most pairs then need no look at their bytes. */
function compareBytes(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) return a.length - b.length
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] as number) - (b[i] as number)
    if (difference !== 0) return difference
  }
  return 0
}
