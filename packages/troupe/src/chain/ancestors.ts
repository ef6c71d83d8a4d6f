/**
 * @module Finding a block far behind another in few steps. Every block names one ancestor besides its parent: which one depends on its number alone, and so
 * that from any block any earlier one is reached in a number of steps that grows with the logarithm of the distance.
 *
 * Source: the skip list of Bitcoin Core, src/chain.cpp `GetSkipHeight`.
 */
import type { Tipset } from './tipset.ts'

/** How many blocks a block has before it. */
export function numberOf({ header }: Tipset): bigint {
  return header.parentWeight
}

/** The number of the ancestor that the block of a number names; 0 for 0 and 1. */
export function ancestorNumber(number: bigint): bigint {
  if (number < 2n) return 0n
  const withoutLowestBit = (n: bigint): bigint => n & (n - 1n)
  return number & 1n ? withoutLowestBit(withoutLowestBit(number - 1n)) + 1n : withoutLowestBit(number)
}

/** How the tipsets around one are found. */
export interface Ancestry {
  parent(tipset: Tipset): Tipset | undefined
  ancestor(tipset: Tipset): Tipset | undefined
}

/**
 * The first tipset from `start` on, going back, for which `isFarEnough` holds. It must hold for all tipsets behind one for which it does.
 * `undefined` where it holds for none.
 */
export function findAncestor(
  start: Tipset,
  isFarEnough: (tipset: Tipset) => boolean,
  ancestry: Ancestry,
): Tipset | undefined {
  let at: Tipset | undefined = start
  while (at !== undefined && !isFarEnough(at)) {
    const far = ancestry.ancestor(at)
    at = far !== undefined && !isFarEnough(far) ? far : ancestry.parent(at)
  }
  return at
}
