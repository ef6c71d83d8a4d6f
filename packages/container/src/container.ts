import type { CryptoProvider } from '@troupe/crypto'
import type { RuleSet } from '@troupe/hypervisor'
import { type Cid, cidKey } from '@troupe/ipld'
import { type TransformCache, VerifiedCache } from './cache.ts'
import { ENGINE, type EngineModule } from './engine.ts'
import { ContainerError } from './errors.ts'
import { GuestModule } from './guest-module.ts'
import { dialectOf } from './module/dialect.ts'
import { parseModule } from './module/parse.ts'
import type { WasmModule } from './module/wasm-module.ts'
import { TRANSFORMER_VERSION, transform } from './transform/transform.ts'
import { validateModule } from './validate/validate.ts'

/** Most modules that a container keeps, unless told otherwise: several times what one network version has. */
const DEFAULT_MAXIMUM_MODULES = 256

/** What a container can be told. */
export interface ContainerOptions {
  /** Where transformed modules are kept beyond the process, with the cryptography that verifies them. */
  readonly cache?: { readonly store: TransformCache; readonly crypto: CryptoProvider }
  /** Most compiled modules to keep in memory; the oldest goes first. Default: 256. */
  readonly maximumModules?: number
}

/**
 * Makes runnable modules of code: reads, validates, transforms and compiles it, once for each code CID and rule set. Keeps what it made, refusals
 * included.
 */
export class Container {
  readonly #cache: VerifiedCache | undefined
  readonly #maximumModules: number
  readonly #modules = new Map<string, GuestModule | ContainerError>()
  /** A number for each rule set, because nothing in it has to be unique. */
  readonly #ruleNumbers = new WeakMap<RuleSet, number>()
  #rulesKnown = 0

  constructor(options: ContainerOptions = {}) {
    const { cache } = options
    this.#cache = cache === undefined ? undefined : new VerifiedCache(cache.store, cache.crypto)
    this.#maximumModules = options.maximumModules ?? DEFAULT_MAXIMUM_MODULES
  }

  /** What has been made of a code under a rule set, if it is still there. @throws {ContainerError} as it was refused */
  find(code: Cid, rules: RuleSet): GuestModule | undefined {
    const found = this.#modules.get(this.#key(code, rules))
    if (found instanceof ContainerError) throw found
    return found
  }

  /**
   * Makes a runnable module.
   * @throws {ContainerError} module/… where the rules refuse the code, host/engine where only the host's engine does
   */
  prepare(code: Cid, bytes: Uint8Array, rules: RuleSet): GuestModule {
    const key = this.#key(code, rules)
    const found = this.find(code, rules)
    if (found !== undefined) return found
    try {
      return this.#keep(key, this.#make(code, bytes, rules))
    } catch (error) {
      if (error instanceof ContainerError && error.code.startsWith('module/')) this.#keep(key, error)
      throw error
    }
  }

  #make(code: Cid, bytes: Uint8Array, rules: RuleSet): GuestModule {
    const module = parseModule(bytes, dialectOf(rules.wasm))
    checkLimits(module, rules)
    const cacheKey = this.#cache?.key([code.toString(), TRANSFORMER_VERSION, rules.wasm, rules.prices.wasm])
    const cached = cacheKey === undefined ? undefined : this.#cache?.get(cacheKey)
    const transformed = cached ?? validateAndTransform(module, rules)
    const guest = new GuestModule(module, compile(transformed), rules)
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

/** What is transformed has been validated, also where it comes from a cache. */
function validateAndTransform(module: WasmModule, { wasm, prices }: RuleSet): Uint8Array<ArrayBuffer> {
  validateModule(module)
  return transform(module, { wasm, prices: prices.wasm })
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
