/**
 * The memory that all live instances of one message share, in bytes. The call manager restores `used` when a call ends.
 *
 * Source: ref-fvm release/v3 fvm/src/machine/limiter.rs.
 */
export class MemoryBudget {
  readonly limit: number
  used = 0

  /** @param limit bytes; `Infinity` where the rule set has no limit */
  constructor(limit: number) {
    this.limit = limit
  }

  /** Takes `bytes` where they fit; otherwise takes nothing and answers `false`. */
  grow(bytes: number): boolean {
    if (this.used + bytes > this.limit) return false
    this.used += bytes
    return true
  }
}
