import type { Cost } from './operator-costs.ts'

/** Kinds of place in a function body where the transformer puts something. */
export const Insertion = {
  /** A possible start of a metered block. */
  BLOCK: 0,
  /** A direct call of a defined function; replaced. */
  CALL: 1,
  /** An indirect call, or one of an imported function that may call back. */
  LEAVE_ROOM: 2,
  /** An instruction that is charged by its last operand. */
  DYNAMIC: 3,
  /** `memory.grow`; replaced. */
  MEMORY_GROW: 4,
  /** `table.grow`; replaced. */
  TABLE_GROW: 5,
  /** The end of an `if` without `else`, where one may be needed. */
  ELSE: 6,
} as const

/** Blocks that cost more have the counter looked at before and after, so that it never wraps; all real blocks cost far less. */
export const EAGER_COST: number = 2 ** 32

/** The places of one function body, in their order. Reused from function to function. */
export class Insertions {
  length = 0
  /** One of {@link Insertion}. */
  readonly kinds: number[] = []
  /** Offset in the module of the instruction that stands behind the place. */
  readonly offsets: number[] = []
  /** Offset of what follows a replaced instruction. */
  readonly ends: number[] = []
  /** The called function, or the price of a unit; 1 for a block that a loop starts with. */
  readonly operands: number[] = []
  /** Milligas, for metered blocks; 0 where the block never started or costs nothing. */
  readonly costs: Cost[] = []
  #postponed = 0
  readonly #sources: number[] = []
  readonly #thens: number[] = []
  readonly #elses: number[] = []

  reset(): void {
    this.length = 0
    this.#postponed = 0
  }

  add(kind: number, offset: number, operand = 0, end: number = offset): number {
    const index = this.length++
    this.kinds[index] = kind
    this.offsets[index] = offset
    this.ends[index] = end
    this.operands[index] = operand
    this.costs[index] = 0
    return index
  }

  /** The place of a possible block start: the last one, where that is at the same offset. */
  addBlock(offset: number, isLoop: boolean): number {
    const last = this.length - 1
    if (last >= 0 && this.kinds[last] === Insertion.BLOCK && this.offsets[last] === offset) {
      if (isLoop) this.operands[last] = 1
      return last
    }
    return this.add(Insertion.BLOCK, offset, isLoop ? 1 : 0)
  }

  /**
   * Notes that a block may be charged for in both arms of an `if` instead, because nothing can be observed between its start and the `if`.
   * @returns what {@link postponeElse} takes
   */
  postpone(source: number, then: number): number {
    const index = this.#postponed++
    this.#sources[index] = source
    this.#thens[index] = then
    this.#elses[index] = -1
    return index
  }

  /** Names the other arm of a block that may be charged for later. */
  postponeElse(index: number, otherwise: number): void {
    this.#elses[index] = otherwise
  }

  /** Milligas of all blocks; a lower bound where that is too much for a number. */
  get totalCost(): number {
    let total = 0
    for (let i = 0; i < this.length; i++) total += Number(this.costs[i])
    return total
  }

  /**
   * Moves the charges that may be moved and join another charge there. Outer `if`s come first, so that a charge may move on.
   *
   * The costs are no longer the reference's then.
   */
  settle(): void {
    const { costs, operands } = this
    for (let i = 0; i < this.#postponed; i++) {
      const source = this.#sources[i] as number
      const then = this.#thens[i] as number
      const otherwise = this.#elses[i] as number
      const cost = costs[source] as Cost
      const thenCost = costs[then] as Cost
      const otherCost = costs[otherwise] as Cost
      if (thenCost === 0 && otherCost === 0) continue
      if (cost === 0 || cost > EAGER_COST || thenCost > EAGER_COST || otherCost > EAGER_COST) continue
      costs[then] = (thenCost as number) + (cost as number)
      costs[otherwise] = (otherCost as number) + (cost as number)
      costs[source] = 0
      if (operands[source] === 1) {
        operands[then] = 1
        operands[otherwise] = 1
        operands[source] = 0
      }
    }
  }
}
