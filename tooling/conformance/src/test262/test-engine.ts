import type { EmbeddedInstance, Embedding } from '@troupe/container'
import type { CryptoProvider } from '@troupe/crypto'
import { NV28 } from '@troupe/hypervisor'
import {
  ENGINE_FUNCTIONS,
  embedEngine,
  engineImports,
  freeMeter,
  isException,
  JsEngine,
  type JsValue,
  Snapshot,
  startEngine,
  UNDEFINED,
} from '@troupe/runtime-ses/engine'
import { nodeParts } from '@troupe/runtime-ses/node'

/** Enough for the longest test, and an end for one that has none. */
const GAS = 10n ** 15n
const MORE_FUNCTIONS = [
  'JS_NewContext',
  'JS_GetGlobalObject',
  'JS_SetPropertyStr',
  'JS_DetachArrayBuffer',
  'JS_SetIsHTMLDDA',
  'JS_NewObject',
  'JS_GetPropertyStr',
  'JS_DupValue',
]

/** What the host object of a realm asks of the host, as the first argument. */
const HOST = { EVALUATE: 0, REALM: 1, DETACH: 2, COLLECT: 3, PRINT: 4, DDA: 5 } as const

/** The host object that tests find as `$262`; a function of what calls the host and the realm's number. */
const HOST_OBJECT = `(function (host, realm) {
  const agents = () => { throw new Error('there are no agents') };
  globalThis.print = (text) => { host(${HOST.PRINT}, String(text)) };
  globalThis.$262 = {
    evalScript: (source) => host(${HOST.EVALUATE}, realm, String(source)),
    createRealm: () => host(${HOST.REALM}),
    detachArrayBuffer: (buffer) => host(${HOST.DETACH}, buffer),
    gc: () => host(${HOST.COLLECT}),
    global: globalThis,
    IsHTMLDDA: host(${HOST.DDA}),
    agent: { start: agents, broadcast: agents, getReport: agents, sleep: agents, monotonicNow: () => 0 },
  };
  return globalThis.$262;
})`

/** How a script ended: `undefined` for well, otherwise the name of what was thrown, and whether that was before anything ran. */
export interface Thrown {
  readonly name: string
  readonly text: string
}

/** The engine of hardened actors before it is locked down, with the limits that it has there, as test262 wants it. */
export class TestEngine {
  /** What was printed since the last {@link reset}. */
  readonly printed: string[] = []
  readonly #embedding: Embedding
  #engine: JsEngine
  #image: Snapshot
  #contexts: number[] = []
  #context = 0
  #runtime = 0

  constructor(crypto: CryptoProvider) {
    this.#embedding = embedEngine(NV28, { engine: nodeParts(() => '').engine, crypto, store: undefined }, [
      ...ENGINE_FUNCTIONS,
      ...MORE_FUNCTIONS,
    ])
    this.#engine = this.#create()
    this.#engine.instance.begin(freeMeter(NV28, GAS))
    this.#engine.instance.run(() => {
      startEngine(this.#engine)
      this.#host = this.#engine.hostFunction()
      this.#context = this.#engine.context
      this.#runtime = this.#engine.runtime
      this.#contexts = [this.#context]
      this.#hostObject(0)
    })
    this.#image = Snapshot.of(
      this.#engine.instance.memory.length,
      this.#engine.instance.globals.map(Number),
      [{ offset: 0, bytes: this.#engine.instance.memory.bytes.slice() }],
    )
  }

  #host: JsValue = UNDEFINED

  /** What the engine is now, for {@link reset}. */
  take(): Snapshot {
    return Snapshot.after(this.#image, this.#engine.instance)
  }

  /** Begins anew. @param image from {@link take}, by default without anything evaluated */
  reset(image: Snapshot = this.#image): void {
    if (this.#engine.instance.memory.byteLength > image.length) this.#engine = this.#create()
    this.#engine.instance.begin(freeMeter(NV28, GAS))
    image.restore(this.#engine.instance)
    this.#engine.context = this.#context
    this.#engine.runtime = this.#runtime
    this.#contexts = [this.#context]
    this.printed.length = 0
  }

  /** Evaluates a script, and what promises have queued after it. @throws {Abort | OutOfGas} where the engine traps */
  evaluate(source: string): Thrown | undefined {
    const engine = this.#engine
    return engine.instance.run(() => {
      const value = this.#evaluate(engine.context, source)
      if (isException(value)) return this.#thrown()
      const pointer = engine.call('malloc', 4)
      while (engine.call('JS_ExecutePendingJob', engine.runtime, pointer) > 0);
      return undefined
    })
  }

  #create(): JsEngine {
    let engine: JsEngine | undefined
    const instance: EmbeddedInstance = this.#embedding.instantiate((made) =>
      engineImports(made, (count, pointers) => this.#answer(engine as JsEngine, count, pointers)),
    )
    engine = new JsEngine(instance)
    return engine
  }

  #answer(engine: JsEngine, count: number, pointers: number): number {
    const [request, first, second] = engine.argumentsAt(pointers, count) as [JsValue, JsValue, JsValue]
    const { functions } = engine.instance
    switch (engine.int(request)) {
      case HOST.EVALUATE: {
        const context = this.#contexts[engine.int(first)] as number
        const { offset, length } = engine.textRange(second)
        const source = new TextDecoder().decode(engine.instance.memory.slice(offset, length))
        const value = this.#evaluate(context, source)
        return isException(value) ? 0 : engine.boxed(value)
      }
      case HOST.REALM:
        this.#contexts.push(functions['JS_NewContext']?.(engine.runtime) as number)
        return engine.boxed(this.#hostObject(this.#contexts.length - 1))
      case HOST.DETACH:
        functions['JS_DetachArrayBuffer']?.(engine.context, first)
        return engine.boxed(UNDEFINED)
      case HOST.COLLECT:
        engine.call('JS_RunGC', engine.runtime)
        return engine.boxed(UNDEFINED)
      case HOST.PRINT:
        this.printed.push(engine.text(first))
        return engine.boxed(UNDEFINED)
      default: {
        const object = functions['JS_NewObject']?.(engine.context) as JsValue
        functions['JS_SetIsHTMLDDA']?.(engine.context, object)
        return engine.boxed(object)
      }
    }
  }

  /** Gives a realm its host object. */
  #hostObject(realm: number): JsValue {
    const engine = this.#engine
    const make = this.#evaluate(this.#contexts[realm] as number, HOST_OBJECT)
    return engine.apply(make, [this.#host, BigInt(realm)])
  }

  #evaluate(context: number, source: string): JsValue {
    const engine = this.#engine
    const bytes = new TextEncoder().encode(`${source}\0`)
    const offset = engine.call('malloc', bytes.length)
    engine.instance.memory.bytes.set(bytes, offset)
    const name = engine.call('malloc', 8)
    engine.instance.memory.bytes.set(new TextEncoder().encode('test.js\0'), name)
    const value = engine.value('JS_Eval', context, offset, bytes.length - 1, name, 0)
    engine.call('free', name)
    engine.call('free', offset)
    return value
  }

  #thrown(): Thrown {
    const engine = this.#engine
    const value = engine.value('JS_GetException', engine.context)
    const text = this.#textOf(value)
    const nameAt = engine.call('malloc', 16)
    engine.instance.memory.bytes.set(new TextEncoder().encode('constructor\0'), nameAt)
    const made = engine.instance.functions['JS_GetPropertyStr']?.(engine.context, value, nameAt) as JsValue
    engine.instance.memory.bytes.set(new TextEncoder().encode('name\0'), nameAt)
    const name = engine.instance.functions['JS_GetPropertyStr']?.(engine.context, made, nameAt) as JsValue
    return { name: this.#textOf(name), text }
  }

  #textOf(value: JsValue): string {
    const engine = this.#engine
    const out = engine.call('malloc', 4)
    const offset = engine.call('JS_ToCStringLen2', engine.context, out, value, 0)
    if (offset === 0) return ''
    const length = engine.instance.memory.view.getUint32(out, true)
    return new TextDecoder().decode(engine.instance.memory.slice(offset, length))
  }
}
