/** @module Syscalls of the module `debug`. While actor debugging is off they do nothing, and do not look at their arguments. */
import { ErrorNumber } from '../actor/error-number.ts'
import { SyscallError } from './errors.ts'
import type { Kernel } from './kernel.ts'

const MAX_ARTIFACT_NAME_LENGTH = 256

/** `debug.enabled`: 0 for yes, -1 for no. */
export function enabled(kernel: Kernel): { value: number } {
  return { value: kernel.calls.machine.debug === undefined ? -1 : 0 }
}

/** `debug.log`. */
export function log(kernel: Kernel, message: string): void {
  const { debug } = kernel.calls.machine
  if (debug === undefined) return
  kernel.trace?.({ type: 'log', actor: kernel.context.receiver, message })
  debug.log(kernel.context.receiver, message)
}

/**
 * `debug.store_artifact`.
 *
 * Differs: a `\` is refused everywhere, and by the reference only on hosts where it separates paths.
 * @throws {SyscallError} IllegalArgument for a name that is empty, longer than 256 bytes, hidden, or a path
 */
export function storeArtifact(kernel: Kernel, name: string, data: Uint8Array): void {
  const length = new TextEncoder().encode(name).length
  if (length === 0 || length > MAX_ARTIFACT_NAME_LENGTH || /[/\\]/.test(name) || name.startsWith('.'))
    throw new SyscallError(
      ErrorNumber.IllegalArgument,
      `an artifact cannot be called ${JSON.stringify(name)}`,
    )
  kernel.calls.machine.debug?.storeArtifact(kernel.context.receiver, name, data.slice())
}
