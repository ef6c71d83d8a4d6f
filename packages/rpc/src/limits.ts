/** What one caller may have or ask for at most. */
export interface RpcLimits {
  /** Requests in one batch. */
  readonly batch: number
  /** Filters of one session. */
  readonly filters: number
  /** Milliseconds after which a filter that nobody asks is forgotten. */
  readonly filterIdleMs: number
  /** Subscriptions of one session. */
  readonly subscriptions: number
}

/** Enough for any tool that is known, and little enough that a hostile caller takes no more than his share. */
export const RPC_LIMITS: RpcLimits = {
  batch: 1000,
  filters: 100,
  filterIdleMs: 5 * 60_000,
  subscriptions: 100,
}
