/**
 * How far a result can be taken for what Filecoin would have given:
 * `exact` (the reference's rules over the reference's code), `calibrated` (gas measured to resemble it), `simulated` (made up).
 */
export type FidelityLevel = 'exact' | 'calibrated' | 'simulated'

/** The level that a result must have at least, where somebody wants one. */
export type RequiredFidelity = Exclude<FidelityLevel, 'simulated'>

/** A level, and why it is not a better one. */
export interface Fidelity {
  readonly level: FidelityLevel
  readonly reason?: string
}

/** How far the result of a message can be taken, and all that keeps it from being better. */
export interface MessageFidelity {
  readonly level: FidelityLevel
  readonly reasons: readonly string[]
}

const RANK: Readonly<Record<FidelityLevel, number>> = { exact: 0, calibrated: 1, simulated: 2 }

/** Whether a level is not as good as the one that is required; where none is, no level is too low. */
export function isBelow(level: FidelityLevel, required: RequiredFidelity | undefined): boolean {
  return required !== undefined && RANK[level] > RANK[required]
}

/** The least of what one message touched, with every reason for it. */
export class FidelityTally {
  #level: FidelityLevel = 'exact'
  readonly #reasons = new Set<string>()

  /** Takes note that the message touched something of this fidelity. */
  touch(fidelity: Fidelity): void {
    if (RANK[fidelity.level] > RANK[this.#level]) this.#level = fidelity.level
    if (fidelity.reason !== undefined) this.#reasons.add(fidelity.reason)
  }

  /** The tally so far. */
  get result(): MessageFidelity {
    return { level: this.#level, reasons: [...this.#reasons] }
  }
}
