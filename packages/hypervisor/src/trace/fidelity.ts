/**
 * How far a result can be taken for what Filecoin would have given:
 * `exact` (the reference's rules over the reference's code), `calibrated` (gas measured to resemble it), `simulated` (made up).
 */
export type FidelityLevel = 'exact' | 'calibrated' | 'simulated'

/** A level, and why it is not a better one. */
export interface Fidelity {
  readonly level: FidelityLevel
  readonly reason?: string
}

const RANK: Readonly<Record<FidelityLevel, number>> = { exact: 0, calibrated: 1, simulated: 2 }

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
  get result(): { readonly level: FidelityLevel; readonly reasons: readonly string[] } {
    return { level: this.#level, reasons: [...this.#reasons] }
  }
}
