/** @module Hexadecimal text, as Ethereum's tools write bytes. */
import { bytesToHex, hexToBytes } from '@noble/curves/utils.js'
import { TroupeError } from '../errors.ts'

const HASH = /^0x[0-9a-f]{64}$/iu
const BYTES = /^0x[0-9a-f]*$/iu

/** A hash as text: `0x` and 64 digits. */
export function formatHash(hash: Uint8Array): string {
  return `0x${bytesToHex(hash)}`
}

/** The hash that a text is, 32 bytes; `undefined` where it is none. */
export function parseHash(text: string): Uint8Array | undefined {
  return HASH.test(text) ? hexToBytes(text.slice(2)) : undefined
}

/**
 * The bytes of a transaction in text: `0x` and pairs of hexadecimal digits.
 * @throws {TroupeError} transaction/malformed
 */
export function readTransactionText(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !BYTES.test(text))
    throw new TroupeError(
      'transaction/malformed',
      'a transaction is bytes, or 0x and pairs of hexadecimal digits',
    )
  return hexToBytes(text.slice(2))
}
