import { Insertion, type Insertions } from './insertions.ts'
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
  /** Whether nothing since the last place can be observed from outside: no trap, no call. */
  isSilent = true
  readonly #insertions: Insertions
  #top = -1
  /** Place where the active metered block of each control block began. */
  readonly #places: number[] = []
  readonly #costs: Cost[] = []
  readonly #lowestTargets: number[] = []
  readonly #loops: boolean[] = []
  /** What may be charged for in the arms of an `if` whose `else` has not come; -1 where there is none. */
  readonly #postponed: number[] = []
  /** Whether the end of each control block cannot be reached from within, and whether a branch goes there. */
  readonly #dead: boolean[] = []
  readonly #targeted: boolean[] = []

  constructor(insertions: Insertions) {
    this.#insertions = insertions
  }

  /** Starts anew, with the function's own block. */
  reset(offset: number): void {
    this.#top = -1
    this.#begin(this.#place(offset, false), false)
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

  /** `loop`; the offset is that of the next instruction. */
  enterLoop(next: number): void {
    this.#begin(this.#place(next, true), true)
  }

  /** `if`, likewise. */
  enterIf(next: number): void {
    const source = this.#places[this.#top] as number
    const isMovable = this.isSilent && source === this.#insertions.length - 1
    const then = this.#place(next, false)
    this.#begin(then, false)
    if (isMovable) this.#postponed[this.#top] = this.#insertions.postpone(source, then)
  }

  /** `else`. */
  separate(next: number): void {
    this.#finalize(next)
    const postponed = this.#postponed[this.#top] as number
    if (postponed < 0) return
    this.#insertions.postponeElse(postponed, this.#places[this.#top] as number)
    this.#postponed[this.#top] = -1
  }

  /** `end`, at an offset. */
  leave(offset: number, next: number): void {
    const postponed = this.#postponed[this.#top] as number
    const isReached = !this.#dead[this.#top] || (this.#targeted[this.#top] as boolean)
    if (postponed >= 0 && isReached)
      this.#insertions.postponeElse(postponed, this.#insertions.add(Insertion.ELSE, offset))
    this.#finalize(next)
    // Where the first arm never gets there, what follows is the other arm.
    if (postponed >= 0 && !isReached)
      this.#insertions.postponeElse(postponed, this.#places[this.#top] as number)
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

  /** What follows in this block cannot be reached. */
  markDead(): void {
    this.#dead[this.#top] = true
  }

  /** Notes a target of the branch, as an index from the outermost control block. */
  branchTo(target: number): void {
    this.#targeted[target] = true
    if (this.#loops[target]) return
    if (target < (this.#lowestTargets[this.#top] as number)) this.#lowestTargets[this.#top] = target
  }

  /** Notes a target that the reference overlooks. */
  overlookedBranchTo(target: number): void {
    this.#targeted[target] = true
  }

  #place(offset: number, isLoop: boolean): number {
    this.isSilent = true
    return this.#insertions.addBlock(offset, isLoop)
  }

  #begin(place: number, isLoop: boolean): void {
    this.#top++
    this.#places[this.#top] = place
    this.#costs[this.#top] = 0
    this.#lowestTargets[this.#top] = this.#top
    this.#loops[this.#top] = isLoop
    this.#postponed[this.#top] = -1
    this.#dead[this.#top] = false
    this.#targeted[this.#top] = false
  }

  #finalize(next: number): void {
    const top = this.#top
    const place = this.#places[top] as number
    const cost = this.#costs[top] as Cost
    this.#places[top] = this.#place(next, false)
    this.#costs[top] = 0
    if (top > 0 && place === this.#places[top - 1]) {
      this.#costs[top - 1] = addCosts(this.#costs[top - 1] as Cost, cost)
      return
    }
    if (cost > 0) this.#insertions.costs[place] = cost
  }
}
