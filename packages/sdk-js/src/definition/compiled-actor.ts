import type { Pattern } from '@endo/patterns'
import type { Declared } from '../durable/durable.ts'
import type { PowerName } from '../powers/powers.ts'
import type { Passable } from '../values/passable.ts'

/** What an actor's function is, to whoever calls it with what has been checked. */
export type ActorFunction = (context: object, ...parameters: Passable[]) => unknown

/** What the arguments of a method have to be. A pattern that is `undefined` lets anything pass. */
export interface CompiledParameters {
  readonly required: readonly (Pattern | undefined)[]
  readonly optional: readonly (Pattern | undefined)[]
  /** Of the list of those that follow. `false` where there may be none. */
  readonly rest: Pattern | undefined | false
}

/** One method, ready to be called. */
export interface CompiledMethod {
  readonly facet: string
  readonly name: string
  readonly run: ActorFunction
  readonly isPayable: boolean
  readonly parameters: CompiledParameters
  /** What it has to return; `undefined` for anything that can be passed. */
  readonly returns: Pattern | undefined
  /** Whether it may return `undefined`. */
  readonly mayReturnNothing: boolean
}

/** A definition that has been looked at, ready to be run. */
export interface CompiledActor {
  readonly name: string
  /** Of the state: from 1. */
  readonly version: number
  readonly isReentrant: boolean
  readonly powers: readonly PowerName[]
  /** Names in canonical order. */
  readonly fields: ReadonlyMap<string, Declared>
  /** What methods see of them. */
  readonly stateRecord: object
  readonly constructorMethod: CompiledMethod
  /** Names of all facets: one may have no methods, and be good for upgrades alone. */
  readonly facets: ReadonlySet<string>
  /** By number. */
  readonly methods: ReadonlyMap<bigint, CompiledMethod>
  /** By the version that they start from. */
  readonly migrate: ReadonlyMap<number, (values: Record<string, Passable>) => Record<string, Passable>>
}
