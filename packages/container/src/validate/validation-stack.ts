import { ContainerError } from '../errors.ts'
import { Op } from '../module/opcodes.ts'
import type { ValidationRule } from './rules.ts'

/** The type of a value that code which cannot be reached leaves open. */
export const UNKNOWN = 0

/** Type of a block without a result. */
export const NO_RESULT = 0

const INITIAL_HEIGHT = 1024

/**
 * The types on the value stack and the blocks that are open, while a function body is validated. Blocks take no values, and leave at most one.
 * Where code cannot be reached, the stack holds whatever is asked of it.
 *
 * Source: WebAssembly core specification 2.0, appendix "Validation Algorithm".
 */
export class ValidationStack {
  /** Offset of the instruction that is validated, which errors name. */
  offset = 0
  #types = new Uint8Array(INITIAL_HEIGHT)
  #height = 0
  /** Height at which the innermost block began. */
  #base = 0
  /** Whether what follows in the innermost block cannot be reached. */
  #dead = false
  #depth = 0
  readonly #openers: number[] = []
  readonly #results: number[] = []
  readonly #bases: number[] = []
  readonly #deads: boolean[] = []

  /** Number of open blocks, the function itself included. */
  get depth(): number {
    return this.#depth
  }

  /** Starts a function that leaves `result`. */
  reset(result: number): void {
    this.#height = 0
    this.#depth = 0
    this.enter(Op.BLOCK, result)
  }

  push(type: number): void {
    if (this.#height === this.#types.length) {
      const types = new Uint8Array(this.#height * 2)
      types.set(this.#types)
      this.#types = types
    }
    this.#types[this.#height++] = type
  }

  /** @throws {ContainerError} module/invalid type-mismatch, missing-value */
  pop(type: number): void {
    if (this.#height === this.#base) {
      if (!this.#dead) this.#fail('missing-value')
      return
    }
    const found = this.#types[--this.#height]
    if (found !== type && found !== UNKNOWN) this.#fail('type-mismatch')
  }

  /** @returns a type, or {@link UNKNOWN}. @throws {ContainerError} module/invalid missing-value */
  popAny(): number {
    if (this.#height > this.#base) return this.#types[--this.#height] as number
    if (!this.#dead) this.#fail('missing-value')
    return UNKNOWN
  }

  /** Checks that a value of a type could be taken, and leaves it. @throws {ContainerError} module/invalid */
  peek(type: number): void {
    const height = this.#height
    this.pop(type)
    this.#height = height
  }

  /** Opens a block. `opener` is its opcode. */
  enter(opener: number, result: number): void {
    this.#openers[this.#depth] = opener
    this.#results[this.#depth] = result
    this.#bases[this.#depth] = this.#height
    this.#deads[this.#depth] = this.#dead
    this.#depth++
    this.#base = this.#height
    this.#dead = false
  }

  /** `else`. @throws {ContainerError} module/invalid */
  otherwise(): void {
    const top = this.#depth - 1
    if (this.#openers[top] !== Op.IF) this.#fail('misplaced-else')
    this.#close(this.#results[top] as number)
    this.#openers[top] = Op.ELSE
    this.#dead = false
  }

  /** `end`. @throws {ContainerError} module/invalid */
  leave(): void {
    const top = this.#depth - 1
    const result = this.#results[top] as number
    this.#close(result)
    if (result !== NO_RESULT && this.#openers[top] === Op.IF) this.#fail('missing-else')
    this.#depth = top
    this.#dead = this.#deads[top] as boolean
    this.#base = top === 0 ? 0 : (this.#bases[top - 1] as number)
    if (result !== NO_RESULT) this.push(result)
  }

  /** What follows in this block cannot be reached. */
  markDead(): void {
    this.#height = this.#base
    this.#dead = true
  }

  /** The value that a branch to a label takes along, or {@link NO_RESULT}. @throws {ContainerError} module/invalid unknown-label */
  label(label: number): number {
    if (label >= this.#depth) this.#fail('unknown-label')
    const index = this.#depth - 1 - label
    return this.#openers[index] === Op.LOOP ? NO_RESULT : (this.#results[index] as number)
  }

  /** The value that the function leaves. */
  get functionResult(): number {
    return this.#results[0] as number
  }

  #close(result: number): void {
    if (result !== NO_RESULT) this.pop(result)
    if (this.#height !== this.#base) this.#fail('surplus-value')
  }

  #fail(rule: ValidationRule): never {
    throw invalid(rule, this.offset)
  }
}

/** A rule that is broken by the instruction at an offset. */
export function invalid(rule: ValidationRule, offset: number): ContainerError {
  return new ContainerError('module/invalid', `${rule} at offset ${offset}`, { offset, rule })
}
