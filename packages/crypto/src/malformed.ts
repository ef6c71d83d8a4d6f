/**
 * Runs a decoder that refuses malformed input with a plain `Error`, and gives `undefined` where it does.
 *
 * Every other class of error goes on: an exhausted stack (`RangeError`) or a bug (`TypeError`) is a failure of the host and must
 * never turn into the verdict that a signature is invalid.
 */
export function undefinedIfMalformed<T>(decode: () => T): T | undefined {
  try {
    return decode()
  } catch (error) {
    if (error instanceof Error && error.constructor === Error) return undefined
    throw error
  }
}
