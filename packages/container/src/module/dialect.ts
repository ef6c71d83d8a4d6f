import type { WasmRules } from '@troupe/hypervisor'

/**
 * An instrumentation of the reference: the forms of Wasm that it can read, and how it counts. All know the MVP and bulk memory.
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
  /** What the stack limiter counts of a function's locals: each, or only the groups they are declared in. Parameters never count. */
  readonly stackCostCounts: 'locals' | 'local-groups'
  /** Whether the default target of `br_table` ends a metered block as the others do. */
  readonly branchTableCountsDefault: boolean
}

const DIALECTS: Readonly<Record<WasmRules['instrumentation'], Dialect>> = {
  '0.2.0': {
    extended: false,
    copyHasPhantomUnreachable: true,
    stackCostCounts: 'locals',
    branchTableCountsDefault: true,
  },
  '0.4.0': {
    extended: true,
    copyHasPhantomUnreachable: false,
    stackCostCounts: 'local-groups',
    branchTableCountsDefault: false,
  },
}

/** The dialect of a rule set. */
export function dialectOf(rules: WasmRules): Dialect {
  const dialect = DIALECTS[rules.instrumentation]
  return rules.countsEveryLocal ? { ...dialect, stackCostCounts: 'locals' } : dialect
}
