/** @module The actors of the tour, by name. Each is compiled from the source of that name. */

/** The actors that the manifest lists, in its order. */
export const BUILTIN_ACTORS = [
  'system',
  'init',
  'cron',
  'account',
  'reward',
  'placeholder',
  'eam',
  'ethaccount',
] as const

/** Name of an actor in the manifest. */
export type BuiltinActor = (typeof BUILTIN_ACTORS)[number]

/** Name of an actor of the tour. */
export type TourActor = BuiltinActor | 'counter' | 'relay'

/** All of them. */
export const TOUR_ACTORS: readonly TourActor[] = [...BUILTIN_ACTORS, 'counter', 'relay']

/** Wasm code of all of them. */
export type TourCode = Readonly<Record<TourActor, Uint8Array>>
