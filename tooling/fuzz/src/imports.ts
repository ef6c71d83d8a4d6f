import type { ParameterKind, Syscall } from '@troupe/hypervisor'
import type { Import } from './wasm-writer.ts'

const I32 = 0x7f
const I64 = 0x7e

/** The Wasm values of each kind of parameter. */
const TYPES: Readonly<Record<ParameterKind, readonly number[]>> = {
  u32: [I32],
  i32: [I32],
  u64: [I64],
  i64: [I64],
  cid: [I32],
  address: [I32, I32],
  optionalAddress: [I32, I32],
  bytes: [I32, I32],
  lenientBytes: [I32, I32],
  bytes32: [I32],
  bytes65: [I32],
  bytes96: [I32],
  at: [I32],
  eventEntries: [I32, I32],
  text: [I32, I32],
  out: [I32, I32],
  outAt: [I32],
}

/** Bytes that a syscall writes at its out-pointer; 0 where it has none. */
export function outSize({ result }: Syscall): number {
  if (result === 'none' || result === 'never') return 0
  if (result === 'verdict' || 'lengthOf' in result) return 4
  return 'bytes' in result ? result.bytes : result.size
}

/** A syscall as a module imports it. */
export function importOf(syscall: Syscall): Import {
  const params = syscall.parameters.flatMap(([, kind]) => TYPES[kind])
  return {
    module: syscall.module,
    name: syscall.name,
    params: outSize(syscall) > 0 ? [I32, ...params] : params,
    results: [I32],
  }
}
