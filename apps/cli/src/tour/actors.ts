/** @module The actors that people of the tour bring. Each is compiled from the source of that name. */

/** Name of an actor of the tour. */
export type TourActor = 'counter' | 'relay'

/** All of them. */
export const TOUR_ACTORS: readonly TourActor[] = ['counter', 'relay']

/** Wasm code of all of them. */
export type TourCode = Readonly<Record<TourActor, Uint8Array>>
