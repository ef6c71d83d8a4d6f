import { IpldError } from '@troupe/ipld'
import { expect } from 'vitest'

/** Expects that `action` throws an {@link IpldError} with this code. */
export function expectCode(action: () => unknown, code: string): void {
  let thrown: unknown
  try {
    action()
  } catch (error) {
    thrown = error
  }
  expect(thrown).toBeInstanceOf(IpldError)
  expect((thrown as IpldError).code).toBe(code)
}
