import harden from '@endo/harden'
import type { ActorScope } from './actor-scope.ts'

/** What `ses` adds to a realm. */
export interface HardenedRealm {
  readonly Compartment: new (options: {
    readonly __options__: true
    readonly globals: Readonly<Record<string, unknown>>
  }) => { readonly globalThis: object; evaluate(source: string): unknown }
}

/**
 * A Compartment whose globals are those of the language, and `endowments`. A name that is not there reads as `undefined`, which is how feature tests want it; the scope
 * keeps the last of them, because what fails next probably fails for that.
 */
export class CompartmentScope implements ActorScope {
  readonly #compartment: { evaluate(source: string): unknown }
  readonly #modules: Readonly<Record<string, object>>
  #wanted: string | undefined

  constructor(
    realm: HardenedRealm,
    endowments: Readonly<Record<string, unknown>>,
    modules: Readonly<Record<string, object>>,
  ) {
    const compartment = new realm.Compartment({ __options__: true, globals: harden({ ...endowments }) })
    const { globalThis: globals } = compartment
    const parent: object = Object.getPrototypeOf(globals)
    const trap = new Proxy(Object.freeze(Object.create(null)), {
      has: (_, name) => {
        const isThere = Reflect.has(parent, name)
        if (!isThere && typeof name === 'string') this.#wanted = name
        return isThere
      },
      get: (_, name, receiver) => Reflect.get(parent, name, receiver),
      getPrototypeOf: () => null,
    })
    Object.setPrototypeOf(globals, trap)
    Object.freeze(globals)
    this.#compartment = compartment
    this.#modules = modules
  }

  get wanted(): string | undefined {
    return this.#wanted
  }

  forget(): void {
    this.#wanted = undefined
  }

  evaluate(source: string): unknown {
    return this.#compartment.evaluate(source)
  }

  module(specifier: string): object | undefined {
    return Object.hasOwn(this.#modules, specifier) ? this.#modules[specifier] : undefined
  }
}
