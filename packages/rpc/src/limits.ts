/** What one caller may have or ask for at most. */
export interface RpcLimits {
  /** Requests in one batch. */
  readonly batch: number
  /** Filters of one client: of a session, or of an address among those that share one. */
  readonly filters: number
  /** Filters of all clients that share a session. */
  readonly sharedFilters: number
  /** Milliseconds without a question after which a client's filter gives way to a new one of his, where he has as many as he may. */
  readonly filterGraceMs: number
  /** Milliseconds after which a filter that nobody asks is forgotten. */
  readonly filterIdleMs: number
  /** Subscriptions of one session. */
  readonly subscriptions: number
  /** Blocks that are looked through for logs at once. */
  readonly logBlocks: number
  /** Logs in one answer. */
  readonly logs: number
  /** Bytes that a trace is about, and words of storage of all contracts in one. */
  readonly traceBytes: number
  readonly traceWords: number
  /** Blocks that are looked through for traces at once; each is executed again. */
  readonly traceBlocks: number
  /** Gas that was used in them, all together. */
  readonly traceGas: number
  /** Messages of a sender in the pool that are executed before what he sends next, where gas is estimated. */
  readonly pendingMessages: number
  /** Milliseconds that a call waits for the block of a transaction. */
  readonly waitMs: number
  /** Blocks that are simulated at once, and calls in all of them. */
  readonly simulatedBlocks: number
  readonly simulatedCalls: number
  /** Gas that simulated calls may use, all together. */
  readonly simulatedGas: number
  /** Lines that contracts say to the console in one transaction or call. */
  readonly consoleLines: number
  /** Snapshots that can be returned to. */
  readonly snapshots: number
  /** Blocks that are produced at once. */
  readonly minedBlocks: number
}

/** Enough for any tool that is known, and little enough that a hostile caller takes no more than his share. */
export const RPC_LIMITS: RpcLimits = {
  batch: 1000,
  filters: 200,
  sharedFilters: 2000,
  filterGraceMs: 60_000,
  filterIdleMs: 5 * 60_000,
  subscriptions: 100,
  logBlocks: 10_000,
  logs: 10_000,
  traceBytes: 64 * 2 ** 20,
  traceWords: 100_000,
  traceBlocks: 1000,
  traceGas: 100_000_000_000,
  pendingMessages: 100,
  waitMs: 60_000,
  simulatedBlocks: 256,
  simulatedCalls: 5000,
  simulatedGas: 10_000_000_000,
  consoleLines: 1000,
  snapshots: 10_000,
  minedBlocks: 1000,
}
