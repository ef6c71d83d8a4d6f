/** @module References to actors: what an actor has of others, and cannot make for itself. */
import harden from '@endo/harden'
import { Far } from '@endo/pass-style'
import { SdkError } from '../errors.ts'

declare const METHODS: unique symbol

/**
 * A reference to a facet of an actor. It has nothing that could be looked at: who has it may call the facet, keep the reference in state and pass it on.
 * `Methods` is what the facet has, for the compiler.
 */
export interface Ref<Methods = unknown> {
  readonly [METHODS]?: (methods: Methods) => Methods
}

/** The facet that everyone may call. */
export const PUBLIC = 'public'

/** The facet of continuations: nobody but the message queue calls it, and it cannot be granted. */
export const LATER = 'later'

/** What a reference stands for. */
export interface RefTarget {
  /** Actor id. */
  readonly actor: bigint
  readonly facet: string
  /** What the actor knows the holder's grant by; `undefined` for what everyone may call, and for an actor's own facets. */
  readonly grant: bigint | undefined
  /** The methods that the reference is good for; `undefined` for all of the facet. */
  readonly only: readonly string[] | undefined
}

/** Module state, because a reference has to be known wherever it turns up: one image runs one invocation, and references do not outlive it. */
const targets = new WeakMap<object, RefTarget>()

/** What all references come from: making one takes a tenth of what the library would take. */
const PROTOTYPE: object = Far('Ref', {})

/** Makes a reference. For the SDK alone: nothing of this module is what an actor can import, but the type. */
export function makeRef(target: RefTarget): Ref {
  const ref = harden({ __proto__: PROTOTYPE }) as Ref
  targets.set(ref, target)
  return ref
}

/** Whether a value is a reference. */
export function isRef(value: unknown): value is Ref {
  return typeof value === 'object' && value !== null && targets.has(value)
}

/** What a value stands for, or `undefined` where it is no reference. */
export function targetOf(value: unknown): RefTarget | undefined {
  return typeof value === 'object' && value !== null ? targets.get(value) : undefined
}

/** What facets and methods may be called. */
const NAME = /^[A-Za-z][A-Za-z0-9]{0,63}$/

/** A name of a facet or a method as it came from somewhere. @throws {SdkError} ref/not-a-ref */
export function checkName(name: string): string {
  if (!NAME.test(name)) throw new SdkError('ref/not-a-ref', `${JSON.stringify(name)} is not a name`)
  return name
}

/** A text that is equal exactly for equal targets: {@link checkName names} have neither spaces nor commas. */
export function targetKey({ actor, facet, grant, only }: RefTarget): string {
  return `${actor} ${facet} ${grant} ${only}`
}
