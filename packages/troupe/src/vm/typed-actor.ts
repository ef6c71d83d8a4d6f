import type { IpldValue } from '@troupe/ipld'
import type { ActorHandle, CallOptions } from './actor-handle.ts'
import { fromActorValue, toActorValue } from './actor-values.ts'
import type { MessageOutcome, Outcome } from './outcome.ts'
import type { CallRequest } from './request.ts'

/** Methods of a facet as the compiler knows them: `MethodsOfActor<typeof Counter, 'public'>` of `@troupe/sdk-js`. */
// biome-ignore lint/suspicious/noExplicitAny: methods of any kind.
export type Methods = Readonly<Record<string, (...values: any[]) => unknown>>

/** What a value of an actor is outside of it: bytes are arrays, references and links are what CBOR has for them. */
export type Outside<V> = V extends bigint | string | boolean | null | undefined
  ? V
  : V extends ArrayBuffer
    ? Uint8Array
    : V extends readonly unknown[]
      ? { readonly [K in keyof V]: Outside<V[K]> }
      : unknown extends V
        ? IpldValue
        : V extends { readonly [key: string]: unknown }
          ? { readonly [K in keyof V]: Outside<V[K]> }
          : IpldValue

type Arguments<F> = F extends (...values: infer A) => unknown ? { [K in keyof A]: Outside<A[K]> } : never
type Returned<F> = F extends (...values: never[]) => infer R ? Outside<Awaited<R>> : never

/** An outcome whose value is what the method returns; `undefined` where it failed. */
export type Typed<O, V> = Omit<O, 'value'> & { readonly value: V }

/** A facet of an actor in hardened JavaScript, as that is called there: methods by their own names, arguments as they are. */
export class TypedActor<M extends Methods> {
  readonly actor: ActorHandle
  readonly #facet: string
  readonly #grant: bigint | undefined

  constructor(actor: ActorHandle, facet: string, grant: bigint | undefined) {
    this.actor = actor
    this.#facet = facet
    this.#grant = grant
  }

  /** Sends a message. @throws {ActorError} where the exit code is not 0 */
  async send<K extends keyof M & string>(
    method: K,
    values: Arguments<M[K]>,
    options: CallOptions = {},
  ): Promise<Typed<MessageOutcome, Returned<M[K]>>> {
    return typed(await this.actor.send(this.#name(method), this.#parameters(values), options))
  }

  /** Sends a message, and gives what became of it, be it a failure. */
  async trySend<K extends keyof M & string>(
    method: K,
    values: Arguments<M[K]>,
    options: CallOptions = {},
  ): Promise<Typed<MessageOutcome, Returned<M[K]> | undefined>> {
    return typed(await this.actor.trySend(this.#name(method), this.#parameters(values), options))
  }

  /** Asks without a message. @throws {ActorError} where the exit code is not 0 */
  async view<K extends keyof M & string>(
    method: K,
    values: Arguments<M[K]>,
    options: Omit<CallRequest, 'to' | 'method' | 'params'> = {},
  ): Promise<Typed<Outcome, Returned<M[K]>>> {
    return typed(await this.actor.view(this.#name(method), this.#parameters(values), options))
  }

  /** What the method is exported as. */
  #name(method: string): string {
    return this.#facet === 'public' ? capitalise(method) : `${capitalise(this.#facet)}_${method}`
  }

  #parameters(values: unknown): IpldValue {
    const list = (values as readonly IpldValue[]).map(toActorValue)
    return this.#grant === undefined ? list : [this.#grant, ...list]
  }
}

function capitalise(name: string): string {
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`
}

function typed<O extends Outcome, V>(outcome: O): Typed<O, V> {
  const value = outcome.value === undefined ? undefined : fromActorValue(outcome.value)
  return { ...outcome, value: value as V }
}
