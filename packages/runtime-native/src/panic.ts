import { ExitCode, NO_BLOCK, SyscallError } from '@troupe/hypervisor'
import type { Syscalls } from './syscalls.ts'

/** How compiled actors end where their code meets what it takes for impossible: at once, with USR_ASSERTION_FAILED. */
export class Panic {
  readonly #syscalls: Syscalls

  constructor(syscalls: Syscalls) {
    this.#syscalls = syscalls
  }

  /** Ends the invocation. @throws {Abort} always */
  now(message: string): never {
    return this.#syscalls.call<never>(
      'vm.exit',
      ExitCode.USR_ASSERTION_FAILED,
      NO_BLOCK,
      new TextEncoder().encode(message),
    )
  }

  /** Runs what no syscall is expected to refuse. @throws {Abort} where one does */
  unless<T>(message: string, run: () => T): T {
    try {
      return run()
    } catch (error) {
      if (error instanceof SyscallError) return this.now(`${message}: error ${error.number}`)
      throw error
    }
  }
}
