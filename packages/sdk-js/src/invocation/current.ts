/**
 * @module The invocation that is under way. Module state, because what an actor imports has nowhere else to look: an image runs one invocation, and is a pristine copy
 * when it starts. They are a stack for tests alone, in which actors that call one another share a realm.
 */
import { SdkError } from '../errors.ts'
import type { Invocation } from './invocation.ts'

const stack: Invocation[] = []

/** Makes an invocation the current one. */
export function enter(invocation: Invocation): void {
  stack.push(invocation)
}

/** Ends the current one. */
export function leave(): void {
  stack.pop()
}

/** The current invocation, or `undefined` where an actor's module is only being evaluated. */
export function currentOrNone(): Invocation | undefined {
  return stack.at(-1)
}

/** The current invocation. @throws {SdkError} invocation/none where an actor's module is only being evaluated */
export function expectCurrent(): Invocation {
  const current = stack.at(-1)
  if (current === undefined)
    throw new SdkError('invocation/none', 'nothing can be called outside of a method')
  return current
}
