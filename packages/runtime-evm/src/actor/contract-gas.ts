import { ChargeName, type GasTracker } from '@troupe/hypervisor'
import type { GasCounter } from '../interpreter/frame.ts'

const MAX_EXACT = Number.MAX_SAFE_INTEGER

/**
 * Gas of code that runs in an interpreter: what it uses is told to the tracker of the message before anything else is charged there, so that charges stand in
 * the order in which things happen.
 */
export class ContractGas implements GasCounter {
  left = 0
  /** Milligas of one unit of what {@link left} counts. */
  readonly unit: number
  readonly #tracker: GasTracker
  #counted = 0

  constructor(tracker: GasTracker, unit = 1) {
    this.#tracker = tracker
    this.unit = unit
    this.resume()
  }

  /** Charges what code has used since it went on. @throws {OutOfGas} */
  settle(): void {
    const used = this.#counted - this.left
    if (used === 0) return
    this.#counted = this.left
    this.#tracker.take(ChargeName.WASM_EXEC, used * this.unit)
  }

  /** Lets code go on with what the tracker has. */
  resume(): void {
    const available = this.#tracker.availableNear
    this.left = Math.floor((available < 0 ? MAX_EXACT : available) / this.unit)
    this.#counted = this.left
  }

  /** Ends the call: code has asked for more than there is. @throws {OutOfGas} always */
  exhaust(): never {
    this.#counted = this.left
    for (;;) this.#tracker.chargeWide(ChargeName.WASM_EXEC, this.#tracker.available + 1n)
  }
}
