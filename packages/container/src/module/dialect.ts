import type { WasmRules } from '@troupe/hypervisor'

/**
 * The forms of Wasm that an instrumentation of the reference can read. Both know the MVP and bulk memory.
 *
 * Sources: parity-wasm 0.42.2 with feature `bulk` (through fvm-wasm-instrument 0.2.0), and fvm-wasm-instrument 0.4.0, each behind
 * wasmtime's validation as ref-fvm configures it.
 */
export interface Dialect {
  /** Sign extension, saturating conversion of floats, `funcref` values, tables that are read, written and grown, all kinds of element segment. */
  readonly extended: boolean
  /**
   * Whether the second index byte of `memory.copy` and `table.copy` is taken for an `unreachable` that follows them, as parity-wasm does. It
   * costs nothing and is written back where it was, but what follows it in its block does not count for the stack height.
   */
  readonly copyHasPhantomUnreachable: boolean
}

const BULK_ONLY: Dialect = { extended: false, copyHasPhantomUnreachable: true }
const EXTENDED: Dialect = { extended: true, copyHasPhantomUnreachable: false }

/** The dialect of a rule set. The way in which locals are counted tells the two instrumentations apart. */
export function dialectOf(rules: WasmRules): Dialect {
  return rules.stackCostCounts === 'locals' ? BULK_ONLY : EXTENDED
}
