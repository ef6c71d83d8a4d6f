/** How often what was asked for was in a cache, and how often not. */
export interface CacheCounts {
  readonly hits: number
  readonly misses: number
}
