import type { CryptoProvider } from '@troupe/crypto'
import type { RuleSet, UserActorRules } from '@troupe/hypervisor'
import { type Cid, cidKey } from '@troupe/ipld'
import { type TransformCache, VerifiedCache } from './cache.ts'
import { ENGINE, type EngineModule } from './engine.ts'
import { ContainerError } from './errors.ts'
import { findSyscall, GuestModule } from './guest-module.ts'
import { InstancePool } from './invocation/instance-pool.ts'
import { type FindLibrary, Libraries } from './link/collect.ts'
import { importsLibraries, isLibraryImport, readLibrary } from './link/library.ts'
import { linkActor } from './link/link.ts'
import { dialectOf } from './module/dialect.ts'
import { parseModule } from './module/parse.ts'
import type { WasmModule } from './module/wasm-module.ts'
import { analyse } from './transform/analyse.ts'
import { TRANSFORMER_VERSION, transform } from './transform/transform.ts'
import { checkUserLimits } from './validate/limits.ts'
import { validateModule } from './validate/validate.ts'

/** Most modules that a container keeps, unless told otherwise: several times what one network version has. */
const DEFAULT_MAXIMUM_MODULES = 256

/** What a container can be told. */
export interface ContainerOptions {
  /** Where transformed modules are kept beyond the process, with the cryptography that verifies them. */
  readonly cache?: { readonly store: TransformCache; readonly crypto: CryptoProvider }
  /**
   * Most compiled modules to keep in memory; the oldest goes first. Where users install code, it should be more than the actors that a block can call: making a
   * module ready again takes longer than its call is charged for. Default: 256.
   */
  readonly maximumModules?: number
  /**
   * Most instances that are kept to be called again; with 0 every call has a new one, which takes several times as long as the call of a small actor. Their
   * memories are 32 MiB in all at most. Default: 64.
   */
  readonly maximumIdleInstances?: number
}

/**
 * Makes runnable modules of code: reads, validates, transforms and compiles it, once for each code CID and rule set. Keeps what it made, refusals
 * included.
 */
export class Container {
  readonly #cache: VerifiedCache | undefined
  readonly #maximumModules: number
  readonly #pool: InstancePool
  readonly #modules = new Map<string, GuestModule | ContainerError>()
  /** A number for each rule set, because nothing in it has to be unique. */
  readonly #ruleNumbers = new WeakMap<RuleSet, number>()
  #rulesKnown = 0

  constructor(options: ContainerOptions = {}) {
    const { cache } = options
    this.#cache = cache === undefined ? undefined : new VerifiedCache(cache.store, cache.crypto)
    this.#maximumModules = options.maximumModules ?? DEFAULT_MAXIMUM_MODULES
    this.#pool = new InstancePool(options.maximumIdleInstances)
  }

  /** What has been made of a code under a rule set, if it is still there. @throws {ContainerError} as it was refused */
  find(code: Cid, rules: RuleSet): GuestModule | undefined {
    const found = this.#modules.get(this.#key(code, rules))
    if (found instanceof ContainerError) throw found
    return found
  }

  /**
   * Makes a runnable module.
   *
   * @param find gives the code of installed libraries
   * @throws {ContainerError} module/… where the rules refuse the code, host/engine where only the host's engine does
   */
  prepare(code: Cid, bytes: Uint8Array, rules: RuleSet, find: FindLibrary = noLibraries): GuestModule {
    const key = this.#key(code, rules)
    const found = this.find(code, rules)
    if (found !== undefined) return found
    try {
      const module = linked(parseModule(bytes, dialectOf(rules.wasm)), rules, find)
      checkLimits(module, rules)
      return this.#keep(
        key,
        this.#make(code, module, rules, () => validateModule(module)),
      )
    } catch (error) {
      if (error instanceof ContainerError && saysAllOf(error)) this.#keep(key, error)
      throw error
    }
  }

  /**
   * Makes a runnable module of what a user wants to install: it is held to the user's bounds too, and must be an actor.
   * @throws {ContainerError} likewise; module/interface where it is no actor
   */
  install(
    code: Cid,
    bytes: Uint8Array,
    rules: RuleSet,
    bounds: UserActorRules,
    find: FindLibrary = noLibraries,
  ): GuestModule {
    const own = parseModule(bytes, dialectOf(rules.wasm))
    checkUserLimits(own, bounds)
    validateModule(own, bounds)
    const module = linked(own, rules, find)
    if (module !== own) checkLinked(module, bounds)
    checkLimits(module, rules)
    const guest = this.#make(code, module, rules, () => {})
    guest.checkInterface()
    return this.#keep(this.#key(code, rules), guest)
  }

  /**
   * Checks what a user wants to install as a library. It is made ready with each actor that it is linked to.
   * @throws {ContainerError} as {@link install}; module/library where it is no library that could be linked
   */
  checkLibrary(bytes: Uint8Array, rules: RuleSet, bounds: UserActorRules, find: FindLibrary): void {
    const dialect = dialectOf(rules.wasm)
    const { libraries } = bounds
    if (libraries === undefined)
      throw new ContainerError('module/library', 'a library, which the rules leave out')
    const { module } = readLibrary(bytes, dialect)
    checkUserLimits(module, bounds)
    validateModule(module, bounds)
    const found = new Libraries(module, true, find, libraries, dialect)
    for (const entry of module.imports) {
      const problem = isLibraryImport(entry) ? undefined : findSyscall(entry, module, rules)
      if (typeof problem === 'string') throw new ContainerError('module/interface', problem)
      if (isLibraryImport(entry)) found.resolve(entry, module)
    }
    analyse(module, { wasm: rules.wasm, prices: rules.prices.wasm })
  }

  /** @param validate is called before anything is transformed, but not for what a cache has: that has been validated before */
  #make(code: Cid, module: WasmModule, rules: RuleSet, validate: () => void): GuestModule {
    const cacheKey = this.#cache?.key([code.toString(), TRANSFORMER_VERSION, rules.wasm, rules.prices.wasm])
    const cached = cacheKey === undefined ? undefined : this.#cache?.get(cacheKey)
    if (cached === undefined) validate()
    const transformed = cached ?? transform(module, { wasm: rules.wasm, prices: rules.prices.wasm })
    const guest = new GuestModule(module, compile(transformed), rules, this.#pool)
    if (cacheKey !== undefined && cached === undefined) this.#cache?.put(cacheKey, transformed)
    return guest
  }

  #key(code: Cid, rules: RuleSet): string {
    const known = this.#ruleNumbers.get(rules) ?? this.#rulesKnown++
    this.#ruleNumbers.set(rules, known)
    return `${known}/${cidKey(code)}`
  }

  #keep<T extends GuestModule | ContainerError>(key: string, made: T): T {
    const [oldest] = this.#modules.keys()
    if (oldest !== undefined && this.#modules.size >= this.#maximumModules) this.#modules.delete(oldest)
    this.#modules.set(key, made)
    return made
  }
}

/** What each part of a module keeps, the whole may not. */
function checkLinked(module: WasmModule, bounds: UserActorRules): void {
  if (module.functions.length > bounds.maximumFunctions)
    throw new ContainerError('module/limit', 'too many functions, with those of libraries')
  validateModule(module, bounds)
}

/** Whether a refusal is about the code alone: libraries may be installed later. */
function saysAllOf({ code }: ContainerError): boolean {
  return code.startsWith('module/') && code !== 'module/library'
}

function noLibraries(): undefined {
  return undefined
}

/** The module, with the libraries that it imports where the rules have any. */
function linked(module: WasmModule, { wasm, userActors }: RuleSet, find: FindLibrary): WasmModule {
  const rules = userActors?.libraries
  if (rules === undefined || !importsLibraries(module)) return module
  const dialect = dialectOf(wasm)
  return parseModule(linkActor(module, find, rules, dialect), dialect)
}

/** Refuses modules that can never have an instance. */
function checkLimits(module: WasmModule, { wasm }: RuleSet): void {
  const { memory, table } = module
  if (memory !== undefined && memory.minimum > wasm.maximumMemoryPages)
    throw new ContainerError('module/limit', `a memory of at least ${memory.minimum} pages`)
  if (
    table !== undefined &&
    wasm.maximumTableElements !== undefined &&
    table.minimum > wasm.maximumTableElements
  )
    throw new ContainerError('module/limit', `a table of at least ${table.minimum} elements`)
}

/** @throws {ContainerError} host/engine where the engine refuses the module, which is valid */
function compile(bytes: Uint8Array<ArrayBuffer>): EngineModule {
  try {
    return new ENGINE.Module(bytes)
  } catch (error) {
    if (error instanceof ENGINE.CompileError)
      throw new ContainerError('host/engine', error.message, { cause: error })
    throw error
  }
}
