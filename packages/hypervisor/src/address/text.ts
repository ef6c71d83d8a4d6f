/**
 * @module Addresses as text: network, protocol, payload; all but f0 end in a checksum.
 *
 * Text: `f0` and the id in decimal; `f1`, `f2`, `f3` and base32(payload ‖ checksum); `f4`, the namespace in decimal, `f`, and
 * base32(subaddress ‖ checksum). The checksum is the 4-byte BLAKE2b of the binary form.
 *
 * Source: ref-fvm release/v3 shared/src/address/mod.rs.
 */
import type { CryptoProvider } from '@troupe/crypto'
import { HypervisorError } from '../errors.ts'
import {
  type Address,
  AddressProtocol,
  BLS_PUBLIC_KEY_LENGTH,
  decodeAddress,
  delegatedAddress,
  HASH_PAYLOAD_LENGTH,
  idAddress,
} from './address.ts'
import { decodeBase32, encodeBase32 } from './base32.ts'
import { MAX_UINT64 } from './leb128.ts'

/** Which network an address is written for. It is in the text only: the binary form is the same for all. */
export type AddressNetwork = 'mainnet' | 'testnet'

/** Fewest characters of an address: `f00`. */
export const MIN_ADDRESS_TEXT_LENGTH = 3
/** Most characters that are looked at. */
export const MAX_ADDRESS_TEXT_LENGTH = 138

const CHECKSUM_LENGTH = 4
/** Digits of 2^64-1. */
const MAX_DECIMAL_LENGTH = 20

/** The text of an address: `f…` for the main network, `t…` for all others. */
export function formatAddress(
  address: Address,
  crypto: CryptoProvider,
  network: AddressNetwork = 'mainnet',
): string {
  const start = `${network === 'mainnet' ? 'f' : 't'}${address.protocol}`
  if (address.id !== undefined) return `${start}${address.id}`
  const namespace = address.namespace === undefined ? '' : `${address.namespace}f`
  const { payload } = address
  const checked = new Uint8Array(payload.length + CHECKSUM_LENGTH)
  checked.set(payload)
  checked.set(crypto.blake2b(address.bytes, CHECKSUM_LENGTH), payload.length)
  return `${start}${namespace}${encodeBase32(checked)}`
}

/**
 * Reads an address, and which network it is written for.
 *
 * Differs: the reference takes a `+` before a decimal number; here decimals are digits only. Leading zeros pass in both.
 *
 * @throws {HypervisorError} address/malformed, address/checksum
 */
export function parseAddress(
  text: string,
  crypto: CryptoProvider,
): { readonly address: Address; readonly network: AddressNetwork } {
  if (text.length < MIN_ADDRESS_TEXT_LENGTH || text.length > MAX_ADDRESS_TEXT_LENGTH) {
    throw malformed(`an address of ${text.length} characters`)
  }
  return { network: parseNetwork(text.charAt(0)), address: parseBody(text.charAt(1), text.slice(2), crypto) }
}

function parseNetwork(prefix: string): AddressNetwork {
  switch (prefix) {
    case 'f':
      return 'mainnet'
    case 't':
      return 'testnet'
    default:
      throw malformed('an address starts with f or t')
  }
}

function parseBody(protocol: string, body: string, crypto: CryptoProvider): Address {
  switch (protocol) {
    case '0':
      return idAddress(parseUint64(body))
    case '1':
      return parseHashed(AddressProtocol.SECP256K1, HASH_PAYLOAD_LENGTH, body, crypto)
    case '2':
      return parseHashed(AddressProtocol.ACTOR, HASH_PAYLOAD_LENGTH, body, crypto)
    case '3':
      return parseHashed(AddressProtocol.BLS, BLS_PUBLIC_KEY_LENGTH, body, crypto)
    case '4': {
      const separator = body.indexOf('f')
      if (separator < 0) throw malformed('an f4 address names its namespace')
      const namespace = parseUint64(body.slice(0, separator))
      const { payload, checksum } = splitChecksum(body.slice(separator + 1))
      const address = delegatedAddress(namespace, payload)
      verifyChecksum(address, checksum, crypto)
      return address
    }
    default:
      throw malformed(`there is no address protocol ${JSON.stringify(protocol)}`)
  }
}

function parseHashed(protocol: 1 | 2 | 3, length: number, body: string, crypto: CryptoProvider): Address {
  const { payload, checksum } = splitChecksum(body)
  if (payload.length !== length) throw malformed(`a payload of ${payload.length} bytes`)
  const address = decodeAddress(Uint8Array.of(protocol, ...payload))
  verifyChecksum(address, checksum, crypto)
  return address
}

function splitChecksum(text: string): { payload: Uint8Array; checksum: Uint8Array } {
  const bytes = decodeBase32(text)
  if (bytes.length < CHECKSUM_LENGTH) throw malformed('an address without a checksum')
  const end = bytes.length - CHECKSUM_LENGTH
  return { payload: bytes.subarray(0, end), checksum: bytes.subarray(end) }
}

function verifyChecksum(address: Address, checksum: Uint8Array, crypto: CryptoProvider): void {
  const expected = crypto.blake2b(address.bytes, CHECKSUM_LENGTH)
  if (!expected.every((byte, i) => byte === checksum[i])) {
    throw new HypervisorError('address/checksum', 'the checksum does not fit the address')
  }
}

function parseUint64(digits: string): bigint {
  if (digits.length > MAX_DECIMAL_LENGTH || !/^[0-9]+$/.test(digits)) throw malformed('not a decimal number')
  const value = BigInt(digits)
  if (value > MAX_UINT64) throw malformed(`${value} has more than 64 bits`)
  return value
}

function malformed(message: string): HypervisorError {
  return new HypervisorError('address/malformed', message)
}
