/** @module What is fuzzed: a source of inputs, and what must be true of each. */
import { CodedError } from '@troupe/crypto'
import type { Arbitrary } from 'fast-check'

/** A target that is ready to be run. Its check throws for an input that shows a fault. */
export interface OpenTarget {
  readonly inputs: Arbitrary<unknown>
  check(input: unknown): void | Promise<void>
  /** How long one case may take, in milliseconds. */
  readonly limitMs: number
}

/** Why a target cannot be run on this machine. */
export interface Skipped {
  readonly skipped: string
}

/** A target by name. Opening it may compile, read files, and so on: once, before the first case. */
export interface Target {
  readonly name: string
  open(): Promise<OpenTarget | Skipped>
}

const DEFAULT_LIMIT_MS = 5000

/** Puts inputs and a check of the same type together. */
export function openTarget<Input>(
  inputs: Arbitrary<Input>,
  check: (input: Input) => void | Promise<void>,
  limitMs: number = DEFAULT_LIMIT_MS,
): OpenTarget {
  return { inputs, check: check as OpenTarget['check'], limitMs }
}

/** What hostile input may lead to: a value, or a coded error. Whatever else is thrown is a finding, and passes. */
export function attempt<T>(run: () => T): { readonly value: T } | CodedError<string> {
  try {
    return { value: run() }
  } catch (error) {
    if (error instanceof CodedError) return error
    throw error
  }
}

/** States a property. */
export function claim(holds: boolean, property: string): asserts holds {
  if (!holds) throw new Error(`it is not so that ${property}`)
}

/** Whether two byte strings are the same. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
