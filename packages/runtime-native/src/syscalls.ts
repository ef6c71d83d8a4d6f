import {
  Abort,
  ChargeName,
  type Kernel,
  OPERATIONS,
  OutOfGas,
  ProtocolFatal,
  type RuleSet,
  type Syscall,
  SyscallError,
} from '@troupe/hypervisor'
import { NativeError } from './errors.ts'

/** The rows of a rule set's syscall table by `module.name`. */
export type SyscallRows = ReadonlyMap<string, Syscall>

/** The rows that native actors call. @throws {NativeError} native/unsupported-rules for a generation before the fourth */
export function syscallRows(rules: RuleSet): SyscallRows {
  if (rules.generation !== 4)
    throw new NativeError(
      'native/unsupported-rules',
      `native actors speak the syscalls of generation 4, and ${rules.name} has those of generation ${rules.generation}`,
    )
  return new Map(rules.syscalls.map((row) => [`${row.module}.${row.name}`, row]))
}

/**
 * Calls the kernel as compiled code would: every call is charged, leaves its failure with the kernel as the presumed cause of an abort, and is
 * traced. What compiled code gets as an error number is thrown here, as a {@link SyscallError}, for the next caller to understand.
 */
export class Syscalls {
  readonly kernel: Kernel
  readonly #rows: SyscallRows
  readonly #price: number

  constructor(kernel: Kernel, rows: SyscallRows) {
    this.kernel = kernel
    this.#rows = rows
    this.#price = kernel.rules.prices.onSyscall()
  }

  /**
   * Makes the syscall `module.name`.
   * @param parameters what the kernel's operation takes after the kernel
   * @throws {SyscallError} as the operation refuses
   * @throws {Abort | OutOfGas | ProtocolFatal} as it ends the invocation
   */
  call<T>(name: string, ...parameters: readonly unknown[]): T {
    const { kernel } = this
    const syscall = this.#rows.get(name)
    const operation = syscall && OPERATIONS[syscall.operation]
    if (syscall === undefined || operation === undefined)
      throw new NativeError('native/unsupported-rules', `${kernel.rules.name} has no syscall ${name}`)
    kernel.gas.charge(ChargeName.ON_SYSCALL, this.#price)
    try {
      // A native actor gives the parameters that the operation is declared with.
      const run = operation as (kernel: Kernel, ...parameters: readonly unknown[]) => T
      const result = run(kernel, ...parameters)
      kernel.lastFailure = undefined
      this.#trace(syscall, 0)
      return result
    } catch (error) {
      if (error instanceof SyscallError) {
        kernel.lastFailure = { syscall, error }
        this.#trace(syscall, error.number)
      } else if (error instanceof Abort || error instanceof OutOfGas || error instanceof ProtocolFatal)
        this.#trace(syscall, 0)
      throw error
    }
  }

  #trace({ module, name }: Syscall, errorNumber: SyscallError['number'] | 0): void {
    this.kernel.trace?.({ type: 'syscall', module, name, errorNumber })
  }
}
