import harden from '@endo/harden'
import type { InterfaceGuard, MethodGuard, Pattern, TypeFromPattern } from '@endo/patterns'
import type { Declared } from '../durable/durable.ts'
import type { Facets } from '../invocation/facets.ts'
import type { PowerName, Powers } from '../powers/powers.ts'
import type { Ref } from '../refs/ref.ts'
import type { Passable } from '../values/passable.ts'
import { compileActor, type RawDefinition } from './compile-actor.ts'
import type { CompiledActor } from './compiled-actor.ts'
import { DefinitionError } from './definition-error.ts'

/** What a state is declared as: first values, and what {@link durable} gives. */
export type StateDeclaration = Readonly<Record<string, Passable | Declared>>

/** What methods find as `state`: each field can be read; values can be replaced, and collections changed. */
export type StateOf<S> = {
  -readonly [K in keyof S as S[K] extends Declared<infer C>
    ? C extends Passable
      ? K
      : never
    : K]: S[K] extends Declared<infer C> ? C : Widened<S[K]>
} & {
  readonly [K in keyof S as S[K] extends Declared<infer C>
    ? C extends Passable
      ? never
      : K
    : never]: S[K] extends Declared<infer C> ? C : never
}

type Widened<V> = V extends bigint
  ? bigint
  : V extends number
    ? number
    : V extends string
      ? string
      : V extends boolean
        ? boolean
        : Passable

/** What a method is given besides its arguments. */
export type Context<S = Record<never, never>, P extends PowerName = never> = {
  readonly state: StateOf<S>
  /** Whoever called, by the facet that everyone may call. */
  readonly caller: Ref
  /** The actor itself, likewise. */
  readonly self: Ref
  /** attoFIL that came with the call, and is the actor's already. */
  readonly value: bigint
  /** The actor's own facets, to be granted. */
  readonly facets: Facets
} & { readonly [K in P]: Powers[K] }

// biome-ignore lint/suspicious/noExplicitAny: what guards of any kind are.
type AnyGuard = MethodGuard<any, any, any, any, any>

/** The methods that a facet's guard stands for, as others call them. */
export type MethodsOf<G> =
  G extends InterfaceGuard<infer Guards> ? { [K in keyof Guards]: Signature<Guards[K]> } : never

/**
 * The function that a method's guard stands for. The library has a type of its own for that, which is lost to programs that tell absent properties from undefined ones
 * (`exactOptionalPropertyTypes`).
 */
type Signature<G> = G extends { readonly payload: infer P } ? SignatureOf<P> : never
type SignatureOf<P> = P extends { callKind: infer Kind; argGuards: infer Required; returnGuard: infer Result }
  ? (
      ...values: [
        ...Values<Required>,
        ...Partial<Values<Property<P, 'optionalArgGuards'>>>,
        ...Others<Property<P, 'restArgGuard'>>,
      ]
    ) => Kind extends 'async' ? Promise<ValueOf<Result>> : ValueOf<Result>
  : never
type Property<P, K extends string> = P extends { [Key in K]?: infer V } ? V : never
type Values<Guards> = Guards extends readonly [infer First, ...infer Rest]
  ? [ValueOf<First>, ...Values<Rest>]
  : []
/** Where nobody said what follows, it may be any guard; then nothing does. */
type Others<Guard> = [Pattern] extends [Guard]
  ? []
  : ValueOf<Guard> extends readonly (infer V)[]
    ? V[]
    : ValueOf<Guard>[]
type ValueOf<G> = G extends { readonly [Symbol.toStringTag]: infer Tag; readonly payload: infer Payload }
  ? Tag extends keyof Kinds
    ? Kinds[Tag]
    : Tag extends 'guard:awaitArgGuard'
      ? ValueOf<Property<Payload, 'argGuard'>>
      : TypeFromPattern<G>
  : TypeFromPattern<G>
/** What the library's types do not know, or know by its own names. */
interface Kinds {
  readonly 'match:any': Passable
  readonly 'match:byteArray': ArrayBuffer
  readonly 'match:remotable': Ref
}
type WithContext<C, F> = F extends (...parameters: infer A) => infer R
  ? (context: C, ...parameters: A) => R
  : never

/** All of an actor. */
export interface ActorDefinition<
  S extends StateDeclaration,
  // biome-ignore lint/suspicious/noExplicitAny: guards of any methods.
  F extends Readonly<Record<string, InterfaceGuard<any>>>,
  P extends PowerName,
> {
  /** The fields of the state and what they are at first. */
  readonly state?: S
  /** The version of the state's form, from 1. Default: 1. */
  readonly version?: number
  /** What may be called, by facet: `public` by everyone, the others by whom they are granted to. */
  readonly facets: F
  /** What the methods may use besides state, caller and value. */
  readonly powers?: readonly P[]
  /** Sets up a new actor. */
  readonly init?: (context: Context<S, P>, ...parameters: never[]) => void | Promise<void>
  /** What the arguments of `init` have to be. Default: anything. */
  readonly initGuard?: AnyGuard
  /** What the facets do. */
  readonly methods: {
    readonly [K in keyof F]: {
      readonly [M in keyof MethodsOf<F[K]>]: WithContext<Context<S, P>, MethodsOf<F[K]>[M]>
    }
  }
  /**
   * What answers contracts, which call the actor as they call one another: the method `InvokeEVM`. It is given calldata, and says what that takes of value; see `answer` of
   * `@troupe/sdk-js/abi`.
   */
  readonly contract?: (context: Context<S, P>, calldata?: ArrayBuffer) => ArrayBuffer
  /** The methods that take value, as `facet.method`, and `init`. What comes with a call of any other ends it. */
  readonly payable?: readonly string[]
  /** Whether the actor may be called while it is calling. Default: `false`. */
  readonly reentrant?: boolean
  /** By version of the state: what makes the values of the next one of its values. Collections stay what they are. */
  readonly migrate?: Readonly<Record<number, (values: Record<string, Passable>) => Record<string, Passable>>>
}

declare const FACETS: unique symbol

/** What an actor's module exports as default. It says nothing to anybody but the SDK. `F` are its facets, for the compiler. */
export interface Actor<F = unknown> {
  readonly [FACETS]?: F
}

/** What a facet of an actor can be called with: `MethodsOfActor<typeof Counter, 'public'>`. */
export type MethodsOfActor<A, K extends string> =
  A extends Actor<infer F> ? (K extends keyof F ? MethodsOf<F[K]> : never) : never

const actors = new WeakMap<object, CompiledActor>()

/**
 * Defines an actor: the default export of its module.
 * @throws {DefinitionError}
 */
export function defineActor<
  const S extends StateDeclaration,
  // biome-ignore lint/suspicious/noExplicitAny: guards of any methods.
  const F extends Readonly<Record<string, InterfaceGuard<any>>>,
  const P extends PowerName = never,
>(name: string, definition: ActorDefinition<S, F, P>): Actor<F> {
  try {
    harden(definition)
  } catch (cause) {
    throw new DefinitionError('definition/not-hardenable', `${name} cannot be hardened`, { cause })
  }
  const actor: Actor<F> = harden({})
  actors.set(actor, compileActor(name, definition as unknown as RawDefinition))
  return actor
}

/** What was defined, or `undefined` where a value is no actor. For the SDK. */
export function compiledActorOf(value: unknown): CompiledActor | undefined {
  return typeof value === 'object' && value !== null ? actors.get(value) : undefined
}
