import { syscallType } from '@troupe/container'
import type { Syscall } from '@troupe/hypervisor'
import type { Import } from './wasm-writer.ts'

/** A syscall as a module imports it. */
export function importOf(syscall: Syscall): Import {
  return { module: syscall.module, name: syscall.name, ...syscallType(syscall) }
}
