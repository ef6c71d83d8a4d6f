/** @module Names at the border between a transformed module and its host. */

/** Module name of the imports that the transformer adds. No syscall has it. */
export const HOST_MODULE = 'troupe'

/** Names of the added imports. */
export const HostImport = {
  /** `(pages: i32) -> i32`: `memory.grow`. */
  MEMORY_GROW: 'memory_grow',
  /** `(elements: i32, more: i32) -> i32`: whether a table may grow; -1 and -1 say that the engine refused what had been allowed. */
  TABLE_RESERVE: 'table_reserve',
} as const

/** Names of the exports of a transformed module. */
export const ExportName = {
  /** The memory, whether the original exports it or not. */
  MEMORY: 'memory',
  INVOKE: 'invoke',
  UPGRADE: 'upgrade',
  START: 'start',
  /** Global, mutable i64: the gas counter. */
  GAS: 'gas',
  /** `() -> f64`: the counter, exact between -2^53 and 2^53. */
  READ_GAS: 'readGas',
  /** `(f64) -> ()`: sets the counter to an integer below 2^53. */
  WRITE_GAS: 'writeGas',
  /**
   * `() -> i32`: gives all globals their first values, and says 1 where the instance is then as a new one but for its memory; 0 where code may have changed
   * its table or dropped a segment.
   */
  RESET: 'reset',
  /** `() -> ()`, of what is embedded: gives the next call all of the stack's room. Calls from within a call have what that has left. */
  ENTER: 'enter',
} as const

/** Name of the export of a mutable global of what is embedded; it cannot be that of a function there, which have a prefix of their own. */
export function globalName(index: number): string {
  return `global:${index}`
}

/** Name of the export of a function of what is embedded. */
export function embeddedName(name: string): string {
  return `function:${name}`
}
