/**
 * @module What the methods of an actor are called by from outside.
 *
 * Source: FRC-0042; filecoin-project/actors-utils frc42_dispatch/hasher/src/hash.rs.
 */
import { PUBLIC } from '../refs/ref.ts'

/** The method that sets up a new actor. */
export const CONSTRUCTOR = 1n

const FIRST_EXPORTED = 1n << 24n
const DOMAIN_SEPARATION_TAG = '1|'

/**
 * The name that a method is exported as: `Deposit` for `deposit` of the public facet, `Admin_close` for `close` of the facet `admin`.
 */
export function exportName(facet: string, method: string): string {
  return facet === PUBLIC ? capitalise(method) : `${capitalise(facet)}_${method}`
}

function capitalise(name: string): string {
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`
}

/**
 * The number of the method that is exported as `name`: of blake2b-512 of `1|` and the name the first four bytes, big-endian, that are at least 2^24.
 * @param hash blake2b-512
 * @returns `undefined` for the one name in 2^128 that has none
 */
export function methodNumber(name: string, hash: (data: Uint8Array) => Uint8Array): bigint | undefined {
  const digest = hash(
    Uint8Array.from(`${DOMAIN_SEPARATION_TAG}${name}`, (character) => character.charCodeAt(0)),
  )
  const view = new DataView(digest.buffer, digest.byteOffset, digest.byteLength)
  for (let offset = 0; offset < digest.length; offset += 4) {
    const number = BigInt(view.getUint32(offset))
    if (number >= FIRST_EXPORTED) return number
  }
  return undefined
}
