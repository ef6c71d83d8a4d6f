/**
 * @module Method numbers: which method of an actor a message calls.
 *
 * Source: FRC-0042; filecoin-project/actors-utils frc42_dispatch/hasher/src/hash.rs.
 */
import type { CryptoProvider } from '@troupe/crypto'
import { HypervisorError } from '../errors.ts'

/** Number of a method, 0 to 2^64-1. */
export type MethodNumber = bigint

/** A transfer of value that runs no code. */
export const METHOD_SEND: MethodNumber = 0n
/** The method that sets up a new actor; called once, at its creation. */
export const METHOD_CONSTRUCTOR: MethodNumber = 1n
/** The lowest number that a name is given; those below are for an actor's own use. */
export const FIRST_EXPORTED_METHOD_NUMBER: MethodNumber = 1n << 24n

const CONSTRUCTOR_NAME = 'Constructor'
const DOMAIN_SEPARATION_TAG = '1|'

/**
 * The number of the method that is exported as `name`: the first four bytes of blake2b-512(`1|` and the name), big-endian, that are at
 * least 2^24; `Constructor` is 1.
 *
 * Names have letters, digits and underscores, and start with a capital letter or an underscore. Differs: the reference library refuses the
 * leading underscore that the standard allows.
 *
 * @throws {HypervisorError} method-name/malformed; also for the one name in 2^128 whose hash gives no number
 */
export function methodNumber(crypto: CryptoProvider, name: string): MethodNumber {
  if (!/^[A-Z_][A-Za-z0-9_]*$/.test(name)) {
    throw new HypervisorError(
      'method-name/malformed',
      `${JSON.stringify(name)} is not the name of an exported method: those begin with a capital letter, and have letters, digits and underscores`,
    )
  }
  if (name === CONSTRUCTOR_NAME) return METHOD_CONSTRUCTOR
  const input = Uint8Array.from(`${DOMAIN_SEPARATION_TAG}${name}`, (character) => character.charCodeAt(0))
  const digest = crypto.blake2b(input, 64)
  const view = new DataView(digest.buffer, digest.byteOffset, digest.byteLength)
  for (let offset = 0; offset < digest.length; offset += 4) {
    const number = BigInt(view.getUint32(offset))
    if (number >= FIRST_EXPORTED_METHOD_NUMBER) return number
  }
  throw new HypervisorError('method-name/malformed', 'no part of the hash of this name is a method number')
}
