/** @module What tests of Agoric's import to have a library for tests and a vat; bundled with each file of them. */
import { baggage } from '@troupe/sdk-js/vat-data'
import ava from '../ava/ava.ts'
import { isAsExpected } from './hidden-values.ts'

// biome-ignore lint/suspicious/noExplicitAny: what tests are given, and what they give.
type Any = any

interface Expectation {
  readonly message?: string | RegExp | ((message: string) => boolean)
}

/** Lets messages of errors be what an actor finds in them: without the values. */
function soften(expectation: Expectation | undefined): Expectation | undefined {
  const message = expectation?.message
  if (message === undefined || typeof message === 'function') return expectation
  return { ...expectation, message: (text) => isAsExpected(text, message) }
}

function given(t: Any): Any {
  const softened =
    (name: string): Any =>
    (run: Any, expectation?: Expectation, message?: string) =>
      t[name](run, soften(expectation), message)
  return { ...t, throws: softened('throws'), throwsAsync: softened('throwsAsync') }
}

const registering =
  (register: (title: string, body: Any) => void) =>
  (title: string, body: (t: Any) => unknown): void =>
    register(title, (t: Any) => body(given(t)))

const test: Any = Object.assign(registering(ava), {
  serial: registering(ava.serial),
  failing: registering(ava.failing),
  skip: ava.skip,
  todo: ava.todo,
})

export { test, test as default }
export const wrapTest = (wrapped: typeof test): typeof test => wrapped

/** Every test has an actor of its own, in which nobody has been before. */
export const annihilate = (): void => {}
export const getBaggage = (): typeof baggage => baggage
export const nextLife = (): never => {
  throw new Error('a message is one life of a vat')
}
