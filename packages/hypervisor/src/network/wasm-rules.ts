/**
 * How a generation of the FVM treats Wasm code: what of it belongs to the rules rather than to the price list.
 *
 * Source: fvm-wasm-instrument 0.2.0 (generation 2) and 0.4.0 (generations 3 and 4); ref-fvm release/v2, release/v3 and master, fvm/src/engine.
 */
export interface WasmRules {
  /** Greatest stack height, in units of the stack limiter. */
  readonly stackLimit: number
  /** The version of fvm-wasm-instrument whose metering and stack limiter the network runs, quirks included; they are listed in the container. */
  readonly instrumentation: '0.2.0' | '0.4.0'
  /** Whether each local counts for the stack height, whatever the instrumentation does. */
  readonly countsEveryLocal: boolean
  /** Whether the minimum of memory and table is charged before instantiation. */
  readonly chargesInitialMemory: boolean
  /** Most pages of one instance's memory: 8192 (512 MiB), or 65536 where the FVM sets no limit. */
  readonly maximumMemoryPages: number
  /** Most elements of a table, or `undefined` where the FVM sets no limit. */
  readonly maximumTableElements: number | undefined
}
