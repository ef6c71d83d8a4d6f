/**
 * @module The commonest guards of the commonest values, without the library, which takes some seventy microseconds for each. What is not quickly so is for the library to say, with its
 * limits and its messages.
 */
import { M } from '@endo/patterns'
import { isRef } from '../refs/ref.ts'

/** Below every limit that the library has for bigints. */
const QUICK_BIGINT = 2n ** 128n
/** Below the library's limit for texts. */
const QUICK_LENGTH = 1000

type Check = (value: unknown) => boolean

const isBigint: Check = (value) => typeof value === 'bigint' && value < QUICK_BIGINT && value > -QUICK_BIGINT

/** By the name that the library gives to such a pattern, without limits of its own. */
const CHECKS: readonly (readonly [pattern: unknown, check: Check])[] = [
  [M.nat(), (value) => isBigint(value) && (value as bigint) >= 0n],
  [M.bigint(), isBigint],
  [M.string(), (value) => typeof value === 'string' && value.length <= QUICK_LENGTH],
  [M.boolean(), (value) => typeof value === 'boolean'],
  [M.undefined(), (value) => value === undefined],
  [M.remotable(), isRef],
]

/** Whether a value certainly is what a pattern says. */
export function isQuicklySo(value: unknown, pattern: unknown): boolean {
  return CHECKS.some(([known, check]) => known === pattern && check(value))
}
