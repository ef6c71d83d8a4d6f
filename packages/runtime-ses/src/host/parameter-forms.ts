import { resultSize } from '@troupe/container'
import type { ParameterKind, RuleSet, Syscall } from '@troupe/hypervisor'
import { HOST_ROWS } from './host-rows.ts'

/**
 * How the host script gives a value that a syscall is called with, and what Wasm code would give in its place: an integer of 32 bits; a bigint; bytes, by their offset, by offset and length, or by
 * offset and the number of event entries in them.
 */
export type ParameterForm = 'int' | 'bits' | 'offset' | 'range' | 'entries'

const FORMS: Readonly<Record<ParameterKind, ParameterForm>> = {
  u32: 'int',
  i32: 'int',
  u64: 'bits',
  i64: 'bits',
  cid: 'offset',
  address: 'range',
  optionalAddress: 'range',
  bytes: 'range',
  lenientBytes: 'range',
  bytes32: 'offset',
  bytes65: 'offset',
  bytes96: 'offset',
  at: 'offset',
  eventEntries: 'entries',
  text: 'range',
  out: 'range',
  outAt: 'offset',
}

/** A row of the syscall table, and the forms of its values: where it has a result, the bytes for that come first. */
export interface HostRow {
  readonly syscall: Syscall
  readonly forms: readonly ParameterForm[]
}

/** The rows of the host script under a rule set; `undefined` for what its network does not have. */
export function hostRows(rules: RuleSet): readonly (HostRow | undefined)[] {
  return HOST_ROWS.map((name) => {
    const syscall = rules.syscalls.find((row) => `${row.module}.${row.name}` === name)
    if (syscall === undefined) return undefined
    const forms = syscall.parameters.map(([, kind]) => FORMS[kind])
    return { syscall, forms: resultSize(syscall.result) > 0 ? ['offset', ...forms] : forms }
  })
}
