import type { RuleSet } from '@troupe/hypervisor'
import { Abort, ChargeName, ExitCode, type Kernel, ProtocolFatal } from '@troupe/hypervisor'
import {
  ENGINE,
  type EngineImports,
  type EngineInstance,
  type EngineMemory,
  type EngineModule,
} from './engine.ts'
import { ContainerError, HostMemoryExhausted } from './errors.ts'
import { type BoundSyscall, bindSyscall } from './invocation/bind.ts'
import { memoryGrow, tableReserve } from './invocation/growth.ts'
import { InstancePool } from './invocation/instance-pool.ts'
import { Invocation } from './invocation/invocation.ts'
import { MemoryImage } from './invocation/memory-image.ts'
import { isOutcome, type Outcome, outcomeOf } from './invocation/outcome.ts'
import { isMemoryExhaustion } from './invocation/traps.ts'
import { ExportKind, type FunctionImport, type FunctionType, type WasmModule } from './module/wasm-module.ts'
import { ExportName, HOST_MODULE, HostImport } from './transform/names.ts'
import { declaredMaximumPages, type EntryName, entryFunction } from './transform/transform.ts'

const PAGE_SIZE = 65_536
/** Name of an export, of whatever kind, by which a module asks that its actors be locked. */
const NOT_REENTRANT = 'not_reentrant'
const NO_INVOKE = 'actor has no function `invoke` of the right type'
/** What an element of a table takes of the memory budget, in bytes. */
const TABLE_ELEMENT_SIZE = 8

/**
 * A module that is ready to run under one rule set, any number of times, nested in itself too.
 *
 * Each invocation has an instance that is new, or as good as new: one that has run before, with the memory and the globals that it began with. Where
 * that cannot be had (the memory has grown, the code may change its table or drop a segment, the host has failed), instances are used once.
 */
export class GuestModule {
  readonly #module: EngineModule
  readonly #rules: RuleSet
  readonly #syscalls: readonly BoundSyscall[]
  /** Why the module cannot be linked, if it cannot. */
  readonly #linkError: string | undefined
  readonly #exportsMemory: boolean
  readonly #memoryPages: number
  readonly #maximumPages: number
  readonly #tableElements: number
  readonly #maximumTableElements: number
  /** Minimum of the table that is exported as `table`, which is charged for. */
  readonly #chargedTableElements: number | undefined
  /** Whether the module does not say of itself that its actors are not to be called while they are being called. */
  readonly isReentrant: boolean
  /** What the module has under the names of entry points. */
  readonly #entries: Readonly<Record<EntryName, ReturnType<typeof entryFunction>>>
  readonly #pool: InstancePool
  /** Whether an instance has ended that could have been used again. Where all grow their memory, as those of Filecoin's own actors, nothing is kept for it. */
  #isReusable = false
  /** The memory of a new instance before any code runs; taken once it is of use. */
  #image: MemoryImage | undefined

  /**
   * @param module the original
   * @param transformed the transformed module, compiled
   * @param pool where instances wait
   */
  constructor(
    module: WasmModule,
    transformed: EngineModule,
    rules: RuleSet,
    pool: InstancePool = new InstancePool(),
  ) {
    this.#pool = pool
    this.#module = transformed
    this.#rules = rules
    const links = module.imports.map((entry) => findSyscall(entry, module, rules))
    this.#linkError = links.find((entry) => typeof entry === 'string')
    this.#syscalls = [...new Set(links.filter((entry) => typeof entry !== 'string'))]
    const has = (kind: number, name: string): boolean =>
      module.exports.some((entry) => entry.kind === kind && entry.name === name)
    this.isReentrant = module.exports.every(({ name }) => name !== NOT_REENTRANT)
    this.#exportsMemory = has(ExportKind.MEMORY, 'memory')
    this.#memoryPages = module.memory?.minimum ?? 0
    this.#maximumPages = declaredMaximumPages(module)
    this.#tableElements = module.table?.minimum ?? 0
    this.#maximumTableElements = Math.min(
      module.table?.maximum ?? 0xffff_ffff,
      rules.wasm.maximumTableElements ?? 0xffff_ffff,
    )
    this.#chargedTableElements = has(ExportKind.TABLE, 'table') ? this.#tableElements : undefined
    this.#entries = { invoke: entryFunction(module, 'invoke'), upgrade: entryFunction(module, 'upgrade') }
  }

  /**
   * Refuses what could only fail when it is called.
   * @throws {ContainerError} module/interface
   */
  checkInterface(): void {
    const problem =
      this.#linkError ??
      (this.#exportsMemory ? undefined : 'actor has no memory export') ??
      (typeof this.#entries.invoke === 'number' ? undefined : NO_INVOKE)
    if (problem !== undefined) throw new ContainerError('module/interface', problem)
  }

  /**
   * Runs `invoke` in an instance of its own.
   *
   * @param parameters handle of the parameter block
   * @returns handle of the return block
   * @throws {Abort | OutOfGas | ProtocolFatal} as the invocation ends. Anything else is a failure of the host.
   */
  invoke(kernel: Kernel, parameters: number): number {
    return this.#call(kernel, ExportName.INVOKE, [parameters])
  }

  /**
   * Runs `upgrade`, likewise.
   *
   * @param info handle of the block that tells the code before
   */
  upgrade(kernel: Kernel, parameters: number, info: number): number {
    return this.#call(kernel, ExportName.UPGRADE, [parameters, info])
  }

  #call(kernel: Kernel, name: EntryName, handles: readonly number[]): number {
    const waiting = this.#pool.take(this)
    waiting?.begin(kernel, kernel)
    const invocation = waiting ?? new Invocation(kernel)
    let isWhole = false
    try {
      const result = this.#run(invocation, name, handles)
      isWhole = true
      return result
    } catch (error) {
      isWhole = isOutcome(error)
      throw error
    } finally {
      if (isWhole) this.#release(invocation)
    }
  }

  /** Keeps an instance for the next call, where that cannot tell it from a new one. */
  #release(invocation: Invocation): void {
    const { instance, memory } = invocation
    invocation.end()
    // Without an exported memory every call ends the same way, before any code runs.
    if (instance === undefined || !this.#exportsMemory) return
    if (memory.byteLength !== this.#memoryPages * PAGE_SIZE) return
    this.#isReusable ||= resetGlobals(instance)
    if (this.#isReusable && this.#image !== undefined) this.#pool.give(this, invocation)
  }

  #run(invocation: Invocation, name: EntryName, handles: readonly number[]): number {
    const { exports } = this.#instantiate(invocation)
    if (!this.#exportsMemory) throw new ProtocolFatal('actor has no memory export')
    invocation.memory.show()
    this.#requireEntry(name)
    const entry = exports[name] as (...handles: number[]) => number
    invocation.gas.update()
    let result = 0
    let failure: Outcome | undefined
    try {
      result = entry(...handles)
    } catch (error) {
      failure = outcomeOf(invocation, error)
    }
    // Gas comes first: whatever the code ran into, it did so out of gas where the counter says so.
    invocation.gas.charge()
    if (failure !== undefined) throw failure
    return result >>> 0
  }

  /** @throws {Abort | ProtocolFatal} where the code has no such function, or one of another type */
  #requireEntry(name: EntryName): void {
    const entry = this.#entries[name]
    if (entry === undefined && !this.#rules.missingEntryIsFatal)
      throw new Abort(ExitCode.SYS_INVALID_RECEIVER, `actor has no function \`${name}\``)
    if (typeof entry !== 'number')
      throw new ProtocolFatal(`actor has no function \`${name}\` of the right type`)
  }

  /**
   * Charges for an instance, makes it, and runs its start function.
   *
   * In generation 2 all of this is free of charge, but whatever goes wrong is fatal; and as the gas counter is zero, a start function that costs
   * anything goes wrong.
   *
   * Source: ref-fvm release/v3 fvm/src/engine/mod.rs (`instantiate`), release/v2 fvm/src/machine/engine.rs (`get_instance`).
   */
  #instantiate(invocation: Invocation): EngineInstance {
    const { kernel, gas } = invocation
    const isCharged = this.#rules.wasm.chargesInitialMemory
    if (isCharged) this.#chargeInitialSize(kernel)
    if (this.#linkError !== undefined) throw new ProtocolFatal(this.#linkError)
    let instance: EngineInstance | undefined
    let failure: Outcome | undefined
    try {
      instance = this.#create(invocation)
      gas.attach(instance.exports)
      const memory = instance.exports[ExportName.MEMORY] as EngineMemory | undefined
      if (memory !== undefined) invocation.memory.attach(memory)
      if (isCharged) gas.update()
      const start = instance.exports[ExportName.START] as (() => void) | undefined
      start?.()
    } catch (error) {
      failure = outcomeOf(invocation, error)
    }
    if (isCharged) gas.charge()
    if (instance !== undefined && failure === undefined) return instance
    const message = `failed to instantiate module: ${failure instanceof Abort ? failure.message : String(failure)}`
    if (!isCharged) throw new ProtocolFatal(message)
    throw new Abort(ExitCode.SYS_ILLEGAL_INSTRUCTION, message)
  }

  #chargeInitialSize(kernel: Kernel): void {
    if (!this.#exportsMemory) throw new ProtocolFatal('actor has no memory export')
    const { prices } = this.#rules
    if (this.#chargedTableElements !== undefined)
      kernel.gas.charge(ChargeName.WASM_TABLE_INIT, prices.onTableInit(this.#chargedTableElements))
    kernel.gas.charge(ChargeName.WASM_MEMORY_INIT, prices.onMemoryInit(this.#memoryPages * PAGE_SIZE))
  }

  /** Takes the initial size from the memory budget, and makes the instance: active segments are copied, no code runs. */
  #create(invocation: Invocation): EngineInstance {
    const budget = invocation.kernel.memory
    if (!budget.grow(this.#memoryPages * PAGE_SIZE)) throw refused('memory', this.#memoryPages)
    if (!budget.grow(this.#tableElements * TABLE_ELEMENT_SIZE)) throw refused('table', this.#tableElements)
    if (invocation.instance !== undefined) return this.#renewed(invocation.instance)
    try {
      return this.#newInstance(invocation)
    } catch (error) {
      if (!isMemoryExhaustion(error)) throw error
      if (this.#pool.size === 0) throw new HostMemoryExhausted('a new instance', error)
    }
    // Those that wait hold address space, of which a browser has enough for some hundred instances.
    this.#pool.clear()
    try {
      return this.#newInstance(invocation)
    } catch (error) {
      throw isMemoryExhaustion(error) ? new HostMemoryExhausted('a new instance', error) : error
    }
  }

  #newInstance(invocation: Invocation): EngineInstance {
    const instance = new ENGINE.Instance(this.#module, this.#imports(invocation))
    invocation.instance = instance
    if (this.#isReusable) this.#image ??= new MemoryImage(memoryOf(instance))
    return instance
  }

  /** An instance as it was before any code ran in it. */
  #renewed(instance: EngineInstance): EngineInstance {
    this.#image?.restore(memoryOf(instance))
    resetGlobals(instance)
    return instance
  }

  #imports(invocation: Invocation): EngineImports {
    const imports: EngineImports = {
      [HOST_MODULE]: {
        [HostImport.MEMORY_GROW]: memoryGrow(
          invocation,
          this.#maximumPages,
          this.#rules.wasm.maximumMemoryPages,
        ),
        [HostImport.TABLE_RESERVE]: tableReserve(invocation, this.#maximumTableElements, TABLE_ELEMENT_SIZE),
      },
    }
    for (const bound of this.#syscalls) {
      const { module, name } = bound.syscall
      imports[module] ??= {}
      imports[module][name] = bound.create(invocation)
    }
    return imports
  }
}

/** Gives the globals of an instance their first values, and says whether nothing else but its memory can have changed. */
function resetGlobals({ exports }: EngineInstance): boolean {
  return (exports[ExportName.RESET] as () => number)() === 1
}

function memoryOf({ exports }: EngineInstance): EngineMemory {
  return exports[ExportName.MEMORY] as EngineMemory
}

function refused(what: string, size: number): Abort {
  return new Abort(ExitCode.SYS_ILLEGAL_INSTRUCTION, `${what} minimum size of ${size} exceeds memory limits`)
}

/** The syscall that a module imports; what is wrong where it is none, or one of another type. */
export function findSyscall(
  { module, name, type: index }: FunctionImport,
  { types }: WasmModule,
  rules: RuleSet,
): BoundSyscall | string {
  const type = types[index]
  const syscall = rules.syscalls.find((row) => row.module === module && row.name === name)
  if (syscall === undefined) return `failed to link actor module: unknown import ${module}.${name}`
  const bound = bindSyscall(syscall)
  if (type === undefined || !sameType(bound.type, type))
    return `failed to link actor module: incompatible import type for ${module}.${name}`
  return bound
}

function sameType(a: FunctionType, b: FunctionType): boolean {
  return String(a.params) === String(b.params) && String(a.results) === String(b.results)
}
