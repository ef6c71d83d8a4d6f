import type { Schema } from './schema.ts'

/** A method of an actor. */
export interface MethodInterface {
  readonly name: string
  /** Its number, where it has one of its own; otherwise the number is made of its name (FRC-42). */
  readonly number: bigint | undefined
  /** Whether it is there under the number of its name, alone or besides. */
  readonly isExported: boolean
  /** `undefined` where it takes none, or none that are described. */
  readonly parameters: Schema | undefined
  /** `undefined` where it returns nothing, or nothing that is described. */
  readonly returns: Schema | undefined
}

/** What an actor is to those who call it, and what it keeps. */
export interface ActorInterface {
  /** Its name in the manifest, or any other. */
  readonly name: string
  /** `undefined` where it keeps none, or none that is described. */
  readonly state: Schema | undefined
  readonly methods: readonly MethodInterface[]
}

/** The method that is a transfer, for every actor. */
const SEND: MethodInterface = {
  name: 'Send',
  number: 0n,
  isExported: false,
  parameters: undefined,
  returns: undefined,
}

/** A method under a number of its own. */
export function numbered(
  number: number,
  name: string,
  parameters?: Schema,
  returns?: Schema,
): MethodInterface {
  return { name, number: BigInt(number), isExported: false, parameters, returns }
}

/** A method under the number of its name. */
export function exported(name: string, parameters?: Schema, returns?: Schema): MethodInterface {
  return { name, number: undefined, isExported: true, parameters, returns }
}

/** A method under both. */
export function both(number: number, name: string, parameters?: Schema, returns?: Schema): MethodInterface {
  return { name, number: BigInt(number), isExported: true, parameters, returns }
}

/** Interfaces of actors, found by the names of actors and the numbers of methods. */
export class Interfaces {
  readonly #actors = new Map<string, ActorInterface>()
  readonly #methods = new Map<string, Map<bigint, MethodInterface>>()
  readonly #exported = new Map<bigint, MethodInterface>()

  /** @param numberOf the number of an exported method's name, as FRC-42 says it: `methodNumber` of `@troupe/hypervisor` */
  constructor(actors: readonly ActorInterface[], numberOf: (name: string) => bigint) {
    for (const actor of actors) {
      const methods = new Map<bigint, MethodInterface>()
      for (const method of actor.methods) {
        if (method.number !== undefined) methods.set(method.number, method)
        if (!method.isExported) continue
        const number = numberOf(method.name)
        methods.set(number, method)
        // Whichever actor has it: what the name is, and no more, is known of others.
        this.#exported.set(number, {
          ...{ name: method.name, number: undefined, isExported: true },
          ...{ parameters: undefined, returns: undefined },
        })
      }
      this.#actors.set(actor.name, actor)
      this.#methods.set(actor.name, methods)
    }
  }

  /** The interface of the actors with this name. */
  actor(name: string | undefined): ActorInterface | undefined {
    return name === undefined ? undefined : this.#actors.get(name)
  }

  /** A method of the actors with this name. Of actors that are not known, exported methods are found by what other actors call them. */
  method(actor: string | undefined, number: bigint): MethodInterface | undefined {
    if (number === 0n) return SEND
    const own = actor === undefined ? undefined : this.#methods.get(actor)?.get(number)
    return own ?? this.#exported.get(number)
  }
}
