import type { CacheCounts } from '@troupe/ipld'

/** How the read caches of a machine were used. */
export interface CacheUse {
  /** Blocks that the store had near at hand, and that it had to fetch; `undefined` where all of its blocks are equally near. */
  readonly blocks: CacheCounts | undefined
  /** Nodes of the state's trees that were decoded already, and that were not. */
  readonly nodes: CacheCounts
  /** Code that was ready to run, and that had to be read, checked and compiled. */
  readonly code: CacheCounts
}

/** The use between two moments. */
export function cacheUseBetween(before: CacheUse, after: CacheUse): CacheUse {
  return {
    blocks: after.blocks === undefined ? undefined : between(before.blocks, after.blocks),
    nodes: between(before.nodes, after.nodes),
    code: between(before.code, after.code),
  }
}

function between(before: CacheCounts | undefined, after: CacheCounts): CacheCounts {
  return { hits: after.hits - (before?.hits ?? 0), misses: after.misses - (before?.misses ?? 0) }
}
