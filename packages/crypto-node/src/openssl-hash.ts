import { hash } from 'node:crypto'

/** A hash function of one algorithm. */
export type HashFunction = (data: Uint8Array) => Uint8Array

/**
 * One of OpenSSL's hash functions, or `undefined` where this build of Node does not have it: keccak-256 came with OpenSSL 3.2 but
 * not every Node that has one offers it.
 *
 * @param digestOfNothing the digest of the empty input, in hexadecimal; a function of that name with another one is not used
 */
export function findOpensslHash(algorithm: string, digestOfNothing: string): HashFunction | undefined {
  try {
    if (hash(algorithm, '', 'hex') !== digestOfNothing) return undefined
  } catch (error) {
    if (error instanceof Error) return undefined
    throw error
  }
  return (data) => {
    // The interface promises a plain Uint8Array: a Buffer's `slice` would share memory.
    const digest = hash(algorithm, data, 'buffer')
    return new Uint8Array(digest.buffer, digest.byteOffset, digest.byteLength)
  }
}
