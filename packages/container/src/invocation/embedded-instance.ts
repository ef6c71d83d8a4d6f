import type { Kernel, Syscall } from '@troupe/hypervisor'
import type { EngineInstance, EngineMemory } from '../engine.ts'
import { ContainerError } from '../errors.ts'
import { ExportName, embeddedName, globalName } from '../transform/names.ts'
import { bindSyscall, type SyscallFunction } from './bind.ts'
import type { GuestMemory } from './guest-memory.ts'
import { Invocation } from './invocation.ts'
import type { Meter } from './meter.ts'
import { type Outcome, outcomeOf } from './outcome.ts'

/** Values of Wasm: numbers, and bigints for 64-bit integers. */
export type EmbeddedFunction = (...values: (number | bigint)[]) => number | bigint | undefined

/**
 * An instance of an embedded module. It is made up of its memory and its globals: whoever gives both their former contents has the former instance.
 *
 * It runs on somebody's account: {@link begin}, any number of {@link run}, {@link end}.
 */
export class EmbeddedInstance {
  /** The exported functions that were asked for. They are called within {@link run} only. */
  readonly functions: Readonly<Record<string, EmbeddedFunction>> = {}
  /** @internal */
  readonly invocation: Invocation = new Invocation()
  /** @internal Whether its code has made its memory grow since {@link begin}. */
  hasGrown = false
  readonly #names: readonly string[]
  readonly #globals: readonly number[]
  readonly #syscalls = new Map<Syscall, SyscallFunction>()
  #instance: EngineInstance | undefined

  /**
   * @param names of the functions
   * @param globals indices of those that code can set
   */
  constructor(names: readonly string[], globals: readonly number[]) {
    this.#names = names
    this.#globals = globals
  }

  /** @internal Takes the engine's instance, once there is one. */
  attach(instance: EngineInstance): void {
    this.#instance = instance
    const { exports } = instance
    const functions = this.functions as Record<string, EmbeddedFunction>
    for (const name of this.#names) functions[name] = exports[embeddedName(name)] as EmbeddedFunction
    const memory = exports[ExportName.MEMORY] as EngineMemory | undefined
    if (memory !== undefined) this.invocation.memory.attach(memory)
  }

  /** Its memory: shown from {@link begin} to {@link end}. */
  get memory(): GuestMemory {
    return this.invocation.memory
  }

  /** Whether its code cannot change anything but its memory and its globals. */
  get isRestorable(): boolean {
    return (this.#exports[ExportName.RESET] as () => number)() === 1
  }

  /** The globals that code can set, in their order. */
  get globals(): readonly (number | bigint)[] {
    return this.#globals.map((index) => this.#global(index).value)
  }

  set globals(values: readonly (number | bigint)[]) {
    this.#globals.forEach((index, i) => {
      const value = values[i]
      if (value === undefined) throw new RangeError(`there is no value for global ${index}`)
      this.#global(index).value = value
    })
  }

  /** @param kernel where the code may make syscalls */
  begin(meter: Meter, kernel?: Kernel): void {
    this.hasGrown = false
    this.invocation.begin(meter, kernel)
    this.invocation.gas.attach(this.#exports)
    this.invocation.memory.show()
  }

  end(): void {
    this.invocation.end()
  }

  /**
   * Runs code of the module, with all of the stack's room and what gas there is, and charges for it.
   *
   * @param work calls {@link functions}
   * @throws {Abort | OutOfGas | ProtocolFatal} as the code ends; a trap is an Abort with exit code 4. Anything else is a failure of the host. The instance is not to be run
   * again before its memory and globals have been given contents
   */
  run<T>(work: () => T): T {
    const { gas } = this.invocation
    let result: T | undefined
    let failure: Outcome | undefined
    gas.update()
    ;(this.#exports[ExportName.ENTER] as () => void)()
    try {
      result = work()
    } catch (error) {
      failure = outcomeOf(this.invocation, error)
    }
    // Gas comes first: whatever the code ran into, it did so out of gas where the counter says so.
    gas.charge()
    if (failure !== undefined) throw failure
    return result as T
  }

  /**
   * A syscall, as an actor's module would import it: charged, with its parameters and results in the instance's memory.
   * @param syscall of the kernel's rules
   */
  syscall(syscall: Syscall): SyscallFunction {
    let bound = this.#syscalls.get(syscall)
    if (bound === undefined) {
      bound = bindSyscall(syscall).create(this.invocation)
      this.#syscalls.set(syscall, bound)
    }
    return bound
  }

  get #exports(): EngineInstance['exports'] {
    if (this.#instance === undefined)
      throw new ContainerError('host/engine', 'an instance that was never made')
    return this.#instance.exports
  }

  #global(index: number): { value: number | bigint } {
    const found = this.#exports[globalName(index)]
    if (found === undefined) throw new RangeError(`there is no global ${index}`)
    return found as { value: number | bigint }
  }
}
