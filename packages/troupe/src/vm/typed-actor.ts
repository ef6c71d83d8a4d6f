import { CborReader, CborWriter, type Cid, type IpldValue, isCid } from '@troupe/ipld'
import type { ActorHandle, CallOptions } from './actor-handle.ts'
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
    const list = (values as readonly IpldValue[]).map(toIpld)
    return this.#grant === undefined ? list : [this.#grant, ...list]
  }
}

/** The key of integers that CBOR has no form for. */
const LARGE = '@int'
const MAX_UINT64 = 2n ** 64n - 1n
const MIN_INT64 = -(2n ** 63n)

function capitalise(name: string): string {
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`
}

function typed<O extends Outcome, V>(outcome: O): Typed<O, V> {
  const value = outcome.value === undefined ? undefined : fromIpld(outcome.value)
  return { ...outcome, value: value as V }
}

function toIpld(value: IpldValue): IpldValue {
  if (typeof value === 'bigint' && (value > MAX_UINT64 || value < MIN_INT64)) {
    const reader = new CborReader(new CborWriter().bigInt(value).finish())
    return { [LARGE]: reader.bytes() }
  }
  return map(value, toIpld)
}

function fromIpld(value: IpldValue): IpldValue {
  if (isRecord(value)) {
    const large = value[LARGE]
    if (large instanceof Uint8Array) return new CborReader(new CborWriter().bytes(large).finish()).bigInt()
  }
  return map(value, fromIpld)
}

function map(value: IpldValue, change: (value: IpldValue) => IpldValue): IpldValue {
  if (Array.isArray(value)) return (value as readonly IpldValue[]).map(change)
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item)]))
}

function isRecord(
  value: IpldValue,
): value is Exclude<Extract<IpldValue, object>, Cid | Uint8Array | readonly IpldValue[]> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !isCid(value) &&
    !(value instanceof Uint8Array)
  )
}
