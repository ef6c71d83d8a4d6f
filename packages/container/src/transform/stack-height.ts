import { ContainerError } from '../errors.ts'

/** What every call costs, whatever the function. */
const ACTIVATION_FRAME_COST = 2

/**
 * The reference's simulation of how high the value stack of a function gets, step by step. It is not the validator's: `else` does not reset
 * the height, code after an `unreachable` or a branch does not count up to the end of its block, and pops there may take the height below
 * where the block began.
 *
 * Source: fvm-wasm-instrument 0.2.0 and 0.4.0 src/stack_limiter/max_height.rs.
 */
export class StackHeight {
  #height = ACTIVATION_FRAME_COST
  #maximum = 0
  #top = -1
  readonly #starts: number[] = []
  readonly #ends: number[] = []
  readonly #branches: number[] = []
  readonly #dead: boolean[] = []

  /** The greatest height in reachable code so far. */
  get maximum(): number {
    return this.#maximum
  }

  /** The height now. */
  get current(): number {
    return this.#height
  }

  /** The height where the innermost block began. */
  get start(): number {
    return this.#starts[this.#top] as number
  }

  /** Whether what comes next in the innermost block cannot be reached. */
  get isDead(): boolean {
    return this.#dead[this.#top] as boolean
  }

  /** Takes note of what instructions have done that were passed over elsewhere by the same rules. */
  resume(current: number, maximum: number): void {
    this.#height = current
    this.#maximum = maximum
  }

  /** Starts anew, for a function with `results` results. */
  reset(results: number): void {
    this.#height = ACTIVATION_FRAME_COST
    this.#maximum = 0
    this.#top = -1
    this.#push(0, results, results)
  }

  /** Before each instruction. */
  observe(): void {
    if (this.#height > this.#maximum && !this.#dead[this.#top]) this.#maximum = this.#height
  }

  /** `block`, `loop`, and `if` after its condition is popped. */
  enter(results: number, isLoop: boolean): void {
    this.#push(this.#height, results, isLoop ? 0 : results)
  }

  /** `end`. */
  leave(): void {
    this.#height = (this.#starts[this.#top] as number) + (this.#ends[this.#top] as number)
    this.#top--
  }

  /** Values that a branch to `label` takes along. */
  branchArity(label: number): number {
    return this.#branches[this.#top - label] as number
  }

  /** What follows in this block cannot be reached. */
  markDead(): void {
    this.#dead[this.#top] = true
  }

  push(count: number): void {
    this.#height += count
  }

  pop(count: number): void {
    if (count === 0) return
    if (this.#height === this.#starts[this.#top]) {
      if (this.#dead[this.#top]) return
      throw new ContainerError('module/not-instrumentable', 'more values popped than pushed')
    }
    this.#height -= count
    if (this.#height < 0) throw new ContainerError('module/not-instrumentable', 'stack underflow')
  }

  #push(start: number, end: number, branch: number): void {
    this.#top++
    this.#starts[this.#top] = start
    this.#ends[this.#top] = end
    this.#branches[this.#top] = branch
    this.#dead[this.#top] = false
  }
}
