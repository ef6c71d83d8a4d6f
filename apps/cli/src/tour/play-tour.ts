import { beginChain } from './acts/begin-chain.ts'
import { endChain } from './acts/end-chain.ts'
import { proof } from './acts/proof.ts'
import { threeRuntimes } from './acts/three-runtimes.ts'
import { timeTravel } from './acts/time-travel.ts'
import { wasmActors } from './acts/wasm-actors.ts'
import { openChain } from './open-chain.ts'
import { Stage, type TourOptions } from './stage.ts'
import type { Step } from './step.ts'

/** Steps that {@link playTour} yields. */
export const STEPS = 15

/**
 * Gives the tour, act by act: makes a chain on disk, and sends messages. All of it is deterministic.
 *
 * Needs a stack for the deepest calls: the protocol allows 1,024 inside one another.
 */
export async function* playTour(options: TourOptions): AsyncGenerator<Step> {
  const stage = new Stage(await openChain(options), options)
  yield* beginChain(stage)
  const counter = yield* wasmActors(stage)
  yield* threeRuntimes(stage, counter)
  yield* timeTravel(stage, counter)
  yield* proof(stage)
  yield* endChain(stage, options)
}
