/**
 * Whether a check of the curve library passes. It refuses with a plain `Error`.
 *
 * Every other class of error goes on: an exhausted stack (`RangeError`) or a bug (`TypeError`) is a failure of the host and must never turn into
 * the verdict that input is malformed.
 */
export function passes(check: () => void): boolean {
  try {
    check()
    return true
  } catch (error) {
    if (error instanceof Error && error.constructor === Error) return false
    throw error
  }
}
