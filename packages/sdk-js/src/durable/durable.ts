import harden from '@endo/harden'
import { assertPattern, type Pattern } from '@endo/patterns'
import type { Passable } from '../values/passable.ts'
import type { DurableArray } from './durable-array.ts'
import type { DurableMap } from './durable-map.ts'
import type { DurableSet } from './durable-set.ts'

declare const COLLECTION: unique symbol

/** What the state of an actor is declared with where it is a collection, or a value of a kind. `C` is what the methods find. */
export interface Declared<C = unknown> {
  readonly kind: 'map' | 'set' | 'array' | 'value'
  readonly key: Pattern
  readonly value: Pattern
  /** Of a value: what it is at first. */
  readonly initial: Passable
  readonly [COLLECTION]?: C
}

const declared = new WeakSet<object>()

/** Whether a value is what {@link durable} gives. */
export function isDeclared(value: unknown): value is Declared {
  return typeof value === 'object' && value !== null && declared.has(value)
}

function declare<C>(
  kind: Declared['kind'],
  key: Pattern,
  value: Pattern,
  initial: Passable = null,
): Declared<C> {
  assertPattern(key)
  assertPattern(value)
  const declaration = harden({ kind, key, value, initial })
  declared.add(declaration)
  return declaration as Declared<C>
}

/** What an actor's state is declared with, besides plain first values. */
export interface Durable {
  /** A map in a tree of blocks. @param key, value what keys and values have to be */
  map<K extends Passable = Passable, V extends Passable = Passable>(
    key: Pattern,
    value: Pattern,
  ): Declared<DurableMap<K, V>>
  /** A set in a tree of blocks. */
  set<K extends Passable = Passable>(value: Pattern): Declared<DurableSet<K>>
  /** A list in a tree of blocks. */
  array<V extends Passable = Passable>(value: Pattern): Declared<DurableArray<V>>
  /** One value that always has to be of a kind. */
  value<V extends Passable>(initial: V, pattern: Pattern): Declared<V>
}

/** See {@link Durable}. */
export const durable: Durable = harden({
  map: <K extends Passable, V extends Passable>(key: Pattern, value: Pattern) =>
    declare<DurableMap<K, V>>('map', key, value),
  set: <K extends Passable>(value: Pattern) => declare<DurableSet<K>>('set', value, true as never),
  array: <V extends Passable>(value: Pattern) => declare<DurableArray<V>>('array', null as never, value),
  value: <V extends Passable>(initial: V, pattern: Pattern) =>
    declare<V>('value', null as never, pattern, initial),
})
