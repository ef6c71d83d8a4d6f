/**
 * @module Amounts of the native token. One FIL is 10^18 attoFIL; all amounts are in attoFIL.
 *
 * Source: ref-fvm release/v3 shared/src/econ/mod.rs, shared/src/bigint/bigint_ser.rs.
 */
import type { ValueCodec } from '@troupe/ipld'
import { HypervisorError } from '../errors.ts'

/** An amount in attoFIL. May be negative where the protocol does not forbid it. */
export type TokenAmount = bigint

/** Digits after the decimal point of an amount in FIL. */
export const FIL_DECIMALS = 18
/** attoFIL of one FIL. */
export const ATTO_PER_FIL: TokenAmount = 10n ** BigInt(FIL_DECIMALS)

/** Most characters of an amount in FIL. The greatest amount that CBOR carries, 127 bytes, has 306 digits. */
export const MAX_FIL_TEXT_LENGTH = 330

/**
 * Amounts in CBOR: a byte string, empty for zero, otherwise a sign byte (0 or 1) and the magnitude, big-endian; at most 128 bytes in all.
 */
export const tokenAmountCodec: ValueCodec<TokenAmount> = {
  encode: (writer, amount) => {
    writer.bigInt(amount)
  },
  decode: (reader) => reader.bigInt(),
}

/** An amount in FIL: always with a decimal point, without trailing zeros but one: `0.0`, `1.5`, `-0.000001`. */
export function formatFil(amount: TokenAmount): string {
  const magnitude = amount < 0n ? -amount : amount
  const fraction = (magnitude % ATTO_PER_FIL).toString().padStart(FIL_DECIMALS, '0').replace(/0+$/, '')
  return `${amount < 0n ? '-' : ''}${magnitude / ATTO_PER_FIL}.${fraction === '' ? '0' : fraction}`
}

/**
 * Reads an amount in FIL: an optional `-`, digits, optionally a point and one to eighteen more digits. Never rounds.
 * @throws {HypervisorError} token-amount/malformed
 */
export function parseFil(text: string): TokenAmount {
  const match = text.length <= MAX_FIL_TEXT_LENGTH ? /^(-?)([0-9]+)(?:\.([0-9]{1,18}))?$/.exec(text) : null
  if (match === null) {
    throw new HypervisorError('token-amount/malformed', 'not an amount in FIL')
  }
  const [, sign = '', whole = '', fraction = ''] = match
  const amount = BigInt(whole) * ATTO_PER_FIL + BigInt(fraction.padEnd(FIL_DECIMALS, '0'))
  return sign === '-' ? -amount : amount
}
