/**
 * @module Modules that runtimes embed: interpreters, which are no actors themselves, and in which actors' code runs. They are validated, metered, bounded and
 * compiled as actors are; what differs is who calls: the host, by any number of functions, of which some are called while the module calls the host.
 */
import type { CryptoProvider } from '@troupe/crypto'
import type { RuleSet } from '@troupe/hypervisor'
import { type TransformCache, VerifiedCache } from './cache.ts'
import { ENGINE, type EngineImports, type EngineModule } from './engine.ts'
import { ContainerError, HostMemoryExhausted } from './errors.ts'
import { EmbeddedInstance } from './invocation/embedded-instance.ts'
import { chargeReplacement, memoryGrow, tableReserve } from './invocation/growth.ts'
import { isMemoryExhaustion } from './invocation/traps.ts'
import { dialectOf } from './module/dialect.ts'
import { parseModule } from './module/parse.ts'
import { ValueType, type WasmModule } from './module/wasm-module.ts'
import { mutableGlobals } from './transform/additions.ts'
import { HOST_MODULE, HostImport } from './transform/names.ts'
import { declaredMaximumPages, TRANSFORMER_VERSION, transform } from './transform/transform.ts'
import { validateModule } from './validate/validate.ts'

const TABLE_ELEMENT_SIZE = 8

/** How a module is embedded. */
export interface EmbeddingOptions {
  /** Names of the exported functions that the host calls. */
  readonly functions: readonly string[]
  /** Where the transformed module is kept beyond the process, with the cryptography that verifies it, and what the entry is named for: a digest of the module. */
  readonly cache?: { readonly store: TransformCache; readonly crypto: CryptoProvider; readonly name: string }
}

/** A module that is ready to be embedded under one rule set. */
export class Embedding {
  /** Pages of a new instance's memory. */
  readonly memoryPages: number
  readonly #module: WasmModule
  readonly #compiled: EngineModule
  readonly #rules: RuleSet
  readonly #functions: readonly string[]
  readonly #globals: readonly number[]

  /**
   * Reads, validates, transforms and compiles a module.
   *
   * @param rules the height of the stack and the size of the memory are bounded by its `wasm`
   * @throws {ContainerError} module/… where the rules refuse it; module/interface where it lacks a function or a memory; module/unsupported where it has
   * globals to set that are no integers
   */
  constructor(bytes: Uint8Array, rules: RuleSet, { functions, cache }: EmbeddingOptions) {
    this.#module = parseModule(bytes, dialectOf(rules.wasm))
    this.#rules = rules
    this.#functions = functions
    this.#globals = integerGlobals(this.#module)
    if (this.#module.memory === undefined)
      throw new ContainerError('module/interface', 'what is embedded has no memory')
    this.memoryPages = this.#module.memory.minimum
    const verified = cache && new VerifiedCache(cache.store, cache.crypto)
    const key = verified?.key([cache?.name, functions, TRANSFORMER_VERSION, rules.wasm, rules.prices.wasm])
    const cached = key === undefined ? undefined : verified?.get(key)
    if (cached === undefined) validateModule(this.#module)
    const transformed =
      cached ?? transform(this.#module, { wasm: rules.wasm, prices: rules.prices.wasm, embedded: functions })
    this.#compiled = compile(transformed)
    if (key !== undefined && cached === undefined) verified?.put(key, transformed)
  }

  /**
   * Makes an instance. Active segments are copied; no code runs.
   *
   * Where its code makes its memory grow, it is not to be used again: the memory cannot shrink. So the first growth after each `begin` is charged for the memory that another
   * instance will need in its place too.
   *
   * @param imports what the module imports, for that instance
   * @throws {HostMemoryExhausted}
   */
  instantiate(imports: (instance: EmbeddedInstance) => EngineImports): EmbeddedInstance {
    const { maximumMemoryPages, maximumTableElements } = this.#rules.wasm
    const made = new EmbeddedInstance(this.#functions, this.#globals)
    const { invocation } = made
    const pagePrice = this.#rules.prices.wasm.linear?.grow ?? 0
    const table = Math.min(this.#module.table?.maximum ?? 0xffff_ffff, maximumTableElements ?? 0xffff_ffff)
    const own: EngineImports = {
      [HOST_MODULE]: {
        [HostImport.MEMORY_GROW]: memoryGrow(
          invocation,
          declaredMaximumPages(this.#module),
          maximumMemoryPages,
          () => {
            if (made.hasGrown) return
            chargeReplacement(invocation, pagePrice)
            made.hasGrown = true
          },
        ),
        [HostImport.TABLE_RESERVE]: tableReserve(invocation, table, TABLE_ELEMENT_SIZE),
      },
    }
    try {
      made.attach(new ENGINE.Instance(this.#compiled, { ...imports(made), ...own }))
      return made
    } catch (error) {
      throw isMemoryExhaustion(error) ? new HostMemoryExhausted('a new instance', error) : error
    }
  }
}

/** The globals that code can set. @throws {ContainerError} module/unsupported where one is no integer: no engine hands out the bits of every NaN */
function integerGlobals(module: WasmModule): number[] {
  const indices = mutableGlobals(module)
  for (const index of indices) {
    const type = module.bytes[module.globals[index]?.head.start ?? 0]
    if (type !== ValueType.I32 && type !== ValueType.I64)
      throw new ContainerError('module/unsupported', 'a global that can be set, and is no integer', {
        feature: 'mutable globals that are no integers',
      })
  }
  return indices
}

function compile(bytes: Uint8Array<ArrayBuffer>): EngineModule {
  try {
    return new ENGINE.Module(bytes)
  } catch (error) {
    if (error instanceof ENGINE.CompileError)
      throw new ContainerError('host/engine', error.message, { cause: error })
    throw error
  }
}
