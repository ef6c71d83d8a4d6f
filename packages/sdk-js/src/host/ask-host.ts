import { HostRefusal } from '../errors.ts'
import type { HostFailure } from './host-kernel.ts'

/** Makes a syscall. @throws {HostRefusal} where the kernel refuses it */
export function askHost<T>(what: string, ask: () => T): T {
  try {
    return ask()
  } catch (error) {
    if (isHostFailure(error)) throw new HostRefusal(error.errorNumber, what)
    throw error
  }
}

/** Whether something thrown is what the functions of a `HostKernel` throw. */
export function isHostFailure(error: unknown): error is HostFailure {
  return (
    typeof error === 'object' &&
    error !== null &&
    'errorNumber' in error &&
    typeof error.errorNumber === 'number'
  )
}
