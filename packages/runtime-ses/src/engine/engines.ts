import { Embedding, HostMemoryExhausted } from '@troupe/container'
import type { CryptoProvider } from '@troupe/crypto'
import type { RuleSet } from '@troupe/hypervisor'
import { SesError } from '../errors.ts'
import { answer } from '../host/host-calls.ts'
import { hostRows } from '../host/parameter-forms.ts'
import type { Image, ImageRoots } from '../image/image.ts'
import type { ImageStore } from '../image/image-store.ts'
import { EnginePool } from './engine-pool.ts'
import { ENGINE_FUNCTIONS, JsEngine } from './js-engine.ts'
import { MAXIMUM_PAGES, STACK_HEIGHT } from './limits.ts'
import { checkPart, ENGINE_SHA256 } from './parts.ts'
import { withEnginePrices } from './prices.ts'
import { engineImports } from './wasi-stubs.ts'

/** What makes up the engines of all rule sets. */
export interface EngineSource {
  readonly engine: () => Uint8Array
  readonly crypto: Pick<CryptoProvider, 'blake2b' | 'sha256'>
  readonly store: ImageStore | undefined
}

/** The engines of one rule set: those that run, and those that wait. */
export class Engines {
  /** The rule set, with the engine's bounds and prices. */
  readonly rules: RuleSet
  readonly #embedding: Embedding
  readonly #rows: ReturnType<typeof hostRows>
  readonly #pool = new EnginePool()

  /**
   * Compiles the engine, which takes a tenth of a second where the store does not have it transformed.
   * @throws {SesError} ses/unsupported-rules, ses/other-part
   */
  constructor(rules: RuleSet, source: EngineSource) {
    if (rules.generation !== 4)
      throw new SesError(
        'ses/unsupported-rules',
        `hardened actors speak the syscalls of generation 4, and ${rules.name} has those of generation ${rules.generation}`,
      )
    this.rules = engineRules(rules)
    this.#rows = hostRows(rules)
    this.#embedding = embedEngine(rules, source, ENGINE_FUNCTIONS)
  }

  /** A new engine, in which nothing has run. @throws {HostMemoryExhausted} */
  create(): JsEngine {
    try {
      return this.#create()
    } catch (error) {
      if (!(error instanceof HostMemoryExhausted) || this.#pool.size === 0) throw error
    }
    // Those that wait hold address space, of which there is not always enough.
    this.#pool.clear()
    return this.#create()
  }

  /** An engine for an image, which still has to be given to it by {@link become}. */
  take(image: Image): JsEngine {
    return this.#pool.take(image.snapshot.length) ?? this.create()
  }

  /** Takes an engine back that has ended, in a trap or otherwise: all that its code can have changed is given to it anew. */
  give(engine: JsEngine): void {
    this.#pool.give(engine)
  }

  #create(): JsEngine {
    let engine: JsEngine | undefined
    const instance = this.#embedding.instantiate((made) =>
      engineImports(
        made,
        (count, pointers) => {
          if (engine === undefined) throw new RangeError('an engine calls that was never made')
          return answer(engine, this.#rows, count, pointers)
        },
        (bytes) => engine?.output?.write(bytes),
        (promise, reason, isHandled) => engine?.rejections.note(engine, { promise, reason }, isHandled !== 0),
      ),
    )
    engine = new JsEngine(instance)
    if (!instance.isRestorable)
      throw new SesError('ses/other-part', 'an engine that is more than its memory and its globals', {
        part: 'quickjs.wasm',
      })
    return engine
  }
}

/** The rules with bounds and prices of the engine's own, in place of those that they have for actors. */
function engineRules(rules: RuleSet): RuleSet {
  const wasm = {
    ...rules.wasm,
    stackLimit: STACK_HEIGHT,
    maximumMemoryPages: MAXIMUM_PAGES,
    countsEveryLocal: true,
  }
  return withEnginePrices({ ...rules, wasm })
}

/**
 * The engine as a module that is ready to run, with bounds and prices of its own.
 *
 * @param functions names of those that the host calls
 * @throws {SesError} ses/other-part
 */
export function embedEngine(
  rules: RuleSet,
  { engine, crypto, store }: EngineSource,
  functions: readonly string[],
): Embedding {
  return new Embedding(() => checkPart(crypto, 'quickjs.wasm', engine(), ENGINE_SHA256), engineRules(rules), {
    functions,
    ...(store === undefined
      ? {}
      : { cache: { store, crypto: crypto as CryptoProvider, name: ENGINE_SHA256 } }),
  })
}

/** Makes an engine that has begun what an image is. */
export function become(
  engine: JsEngine,
  { snapshot, roots }: { snapshot: Image['snapshot']; roots: ImageRoots },
): void {
  snapshot.restore(engine.instance)
  engine.rejections.forget()
  engine.context = roots.context
  engine.runtime = roots.runtime
}
