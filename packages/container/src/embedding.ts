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
const NO_MAXIMUM = 0xffff_ffff
/** Changes with the form of what is kept, as the transformer's version does with what is in it. */
const FORMAT = 1
const LENGTH_SIZE = 4

/** What is to be known of a module to make instances of it, once it is transformed. */
interface Shape {
  /** Most pages of its memory, and elements of its table, by its own declaration. */
  readonly maximumPages: number
  readonly maximumElements: number
  /** Indices of the globals that code can set. */
  readonly globals: readonly number[]
}

/** How a module is embedded. */
export interface EmbeddingOptions {
  /** Names of the exported functions that the host calls. */
  readonly functions: readonly string[]
  /** Where the transformed module is kept beyond the process, with the cryptography that verifies it, and what the entry is named for: a digest of the module. */
  readonly cache?: { readonly store: TransformCache; readonly crypto: CryptoProvider; readonly name: string }
}

/** A module that is ready to be embedded under one rule set. */
export class Embedding {
  readonly #shape: Shape
  readonly #compiled: EngineModule
  readonly #rules: RuleSet
  readonly #functions: readonly string[]

  /**
   * Reads, validates, transforms and compiles a module.
   *
   * @param code gives the module, where the cache has not what was made of it
   * @param rules the height of the stack and the size of the memory are bounded by its `wasm`
   * @throws {ContainerError} module/… where the rules refuse it; module/interface where it lacks a function or a memory; module/unsupported where it has
   * globals to set that are no integers
   */
  constructor(code: () => Uint8Array, rules: RuleSet, { functions, cache }: EmbeddingOptions) {
    this.#rules = rules
    this.#functions = functions
    const verified = cache && new VerifiedCache(cache.store, cache.crypto)
    const versions = [FORMAT, TRANSFORMER_VERSION]
    const key = verified?.key([cache?.name, functions, ...versions, rules.wasm, rules.prices.wasm])
    const cached = key === undefined ? undefined : verified?.get(key)
    const [shape, transformed] =
      cached === undefined ? prepare(code(), rules, functions) : decodeEntry(cached)
    this.#shape = shape
    this.#compiled = compile(transformed)
    if (key !== undefined && cached === undefined) verified?.put(key, encodeEntry(shape, transformed))
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
    const { maximumPages, maximumElements, globals } = this.#shape
    const made = new EmbeddedInstance(this.#functions, globals)
    const { invocation } = made
    const pagePrice = this.#rules.prices.wasm.linear?.grow ?? 0
    const table = Math.min(maximumElements, maximumTableElements ?? NO_MAXIMUM)
    const own: EngineImports = {
      [HOST_MODULE]: {
        [HostImport.MEMORY_GROW]: memoryGrow(invocation, maximumPages, maximumMemoryPages, () => {
          if (made.hasGrown) return
          chargeReplacement(invocation, pagePrice)
          made.hasGrown = true
        }),
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

/** Reads, validates and transforms a module. @throws {ContainerError} as the constructor of {@link Embedding} */
function prepare(
  bytes: Uint8Array,
  rules: RuleSet,
  embedded: readonly string[],
): [Shape, Uint8Array<ArrayBuffer>] {
  const module = parseModule(bytes, dialectOf(rules.wasm))
  const shape = {
    maximumPages: declaredMaximumPages(module),
    maximumElements: module.table?.maximum ?? NO_MAXIMUM,
    globals: integerGlobals(module),
  }
  if (module.memory === undefined)
    throw new ContainerError('module/interface', 'what is embedded has no memory')
  validateModule(module)
  return [shape, transform(module, { wasm: rules.wasm, prices: rules.prices.wasm, embedded })]
}

/** What is kept: the length of the shape (32 bits, little endian), the shape as JSON, and the transformed module. */
function encodeEntry(shape: Shape, transformed: Uint8Array): Uint8Array {
  const head = new TextEncoder().encode(JSON.stringify(shape))
  const entry = new Uint8Array(LENGTH_SIZE + head.length + transformed.length)
  new DataView(entry.buffer).setUint32(0, head.length, true)
  entry.set(head, LENGTH_SIZE)
  entry.set(transformed, LENGTH_SIZE + head.length)
  return entry
}

/** @param entry whole: as {@link encodeEntry} gave it */
function decodeEntry(entry: Uint8Array<ArrayBuffer>): [Shape, Uint8Array<ArrayBuffer>] {
  const end = LENGTH_SIZE + new DataView(entry.buffer, entry.byteOffset).getUint32(0, true)
  const shape = JSON.parse(new TextDecoder().decode(entry.subarray(LENGTH_SIZE, end))) as Shape
  return [shape, entry.subarray(end)]
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
