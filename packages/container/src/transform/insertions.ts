import type { Cost } from './operator-costs.ts'

/** Kinds of place in a function body where the transformer puts something. */
export const Insertion = {
  /** A possible start of a metered block. */
  BLOCK: 0,
  /** A direct call of a defined function; replaced. */
  CALL: 1,
  /** An indirect call. */
  CALL_INDIRECT: 2,
  /** An instruction that is charged by its last operand. */
  DYNAMIC: 3,
  /** `memory.grow`; replaced. */
  MEMORY_GROW: 4,
  /** `table.grow`; replaced. */
  TABLE_GROW: 5,
  /** After an instruction whose f32 result is canonicalised. */
  CANONICALISE_32: 6,
  /** After an instruction whose f64 result is canonicalised. */
  CANONICALISE_64: 7,
} as const

/** The places of one function body, in their order. Reused from function to function. */
export class Insertions {
  length = 0
  /** One of {@link Insertion}. */
  readonly kinds: number[] = []
  /** Offset in the module of the instruction that stands behind the place. */
  readonly offsets: number[] = []
  /** Offset of what follows a replaced instruction. */
  readonly ends: number[] = []
  /** The called function, or the price of a unit; 1 for a block that a loop or the function starts with. */
  readonly operands: number[] = []
  /** Milligas, for metered blocks; 0 where the block never started or costs nothing. */
  readonly costs: Cost[] = []

  reset(): void {
    this.length = 0
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
}
