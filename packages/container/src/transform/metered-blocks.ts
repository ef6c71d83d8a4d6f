import type { Insertions } from './insertions.ts'
import { addCosts, type Cost } from './operator-costs.ts'

/**
 * The reference's partition of a function into metered blocks: the price of a block is taken when its first instruction is reached.
 *
 * A block's place is made (in the {@link Insertions}) when it may begin, and gets its cost when the block is complete; places are compared
 * where the reference compares positions.
 *
 * Source: fvm-wasm-instrument 0.2.0 and 0.4.0 src/gas_metering/mod.rs (`Counter`).
 */
export class MeteredBlocks {
  readonly #insertions: Insertions
  #top = -1
  /** Place where the active metered block of each control block began. */
  readonly #places: number[] = []
  readonly #costs: Cost[] = []
  readonly #lowestTargets: number[] = []
  readonly #loops: boolean[] = []

  constructor(insertions: Insertions) {
    this.#insertions = insertions
  }

  /** Starts anew, with the function's own block. */
  reset(offset: number): void {
    this.#top = -1
    this.#begin(this.#insertions.addBlock(offset, true), false)
  }

  /** Number of control blocks that are open, the function's own one counted; 0 after its end. */
  get depth(): number {
    return this.#top + 1
  }

  /** Adds the cost of an instruction to the active block. */
  add(cost: Cost): void {
    this.#costs[this.#top] = addCosts(this.#costs[this.#top] as Cost, cost)
  }

  /** `block`. */
  enterBlock(): void {
    this.#begin(this.#places[this.#top] as number, false)
  }

  /** `if` or `loop`; the offset is that of the next instruction. */
  enterConditional(next: number, isLoop: boolean): void {
    this.#begin(this.#insertions.addBlock(next, isLoop), isLoop)
  }

  /** `else`. */
  separate(next: number): void {
    this.#finalize(next)
  }

  /** `end`. */
  leave(next: number): void {
    this.#finalize(next)
    const lowest = this.#lowestTargets[this.#top] as number
    const closed = this.#top--
    if (this.#top < 0) return
    if (lowest < (this.#lowestTargets[this.#top] as number)) this.#lowestTargets[this.#top] = lowest
    if (lowest < closed) this.#finalize(next)
  }

  /** Ends the active block after a branch; {@link branchTo} for each target follows. */
  branch(next: number): void {
    this.#finalize(next)
  }

  /** Notes a target of the branch, as an index from the outermost control block. */
  branchTo(target: number): void {
    if (this.#loops[target]) return
    if (target < (this.#lowestTargets[this.#top] as number)) this.#lowestTargets[this.#top] = target
  }

  #begin(place: number, isLoop: boolean): void {
    this.#top++
    this.#places[this.#top] = place
    this.#costs[this.#top] = 0
    this.#lowestTargets[this.#top] = this.#top
    this.#loops[this.#top] = isLoop
  }

  #finalize(next: number): void {
    const top = this.#top
    const place = this.#places[top] as number
    const cost = this.#costs[top] as Cost
    this.#places[top] = this.#insertions.addBlock(next, false)
    this.#costs[top] = 0
    if (top > 0 && place === this.#places[top - 1]) {
      this.#costs[top - 1] = addCosts(this.#costs[top - 1] as Cost, cost)
      return
    }
    if (cost > 0) this.#insertions.costs[place] = cost
  }
}
