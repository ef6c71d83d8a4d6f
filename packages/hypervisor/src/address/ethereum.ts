/**
 * @module Ethereum addresses as Filecoin sees them: 20 bytes in the namespace of the Ethereum address manager (f410), or an actor id
 * behind a mask that no key's address can have (`0xff`, eleven zero bytes, the id in eight bytes, big-endian).
 *
 * Source: FIP-0055; lotus chain/types/ethtypes/eth_types.go.
 */
import type { CryptoProvider } from '@troupe/crypto'
import { HypervisorError } from '../errors.ts'
import { type ActorId, type Address, delegatedAddress, idAddress } from './address.ts'
import { ETHEREUM_ADDRESS_MANAGER_ACTOR_ID } from './singletons.ts'

/** Length of an Ethereum address, in bytes. */
export const ETHEREUM_ADDRESS_LENGTH = 20

const MASK_FIRST_BYTE = 0xff
const MASK_LENGTH = 12

/**
 * The Filecoin address of an Ethereum address (20 bytes): f0 for a masked id, otherwise f410.
 * @throws {HypervisorError} address/malformed for another length
 */
export function ethereumAddress(bytes: Uint8Array): Address {
  if (bytes.length !== ETHEREUM_ADDRESS_LENGTH) {
    throw new HypervisorError('address/malformed', `${bytes.length} bytes are not an Ethereum address`)
  }
  const id = maskedId(bytes)
  return id === undefined ? delegatedAddress(ETHEREUM_ADDRESS_MANAGER_ACTOR_ID, bytes) : idAddress(id)
}

/**
 * The 20 bytes by which Ethereum code knows an address, or `undefined` where there are none: f1, f2, f3, other namespaces, other lengths,
 * and the f410 address of a masked id, which would stand for another actor.
 */
export function ethereumAddressBytes(address: Address): Uint8Array | undefined {
  if (address.id !== undefined) {
    const bytes = new Uint8Array(ETHEREUM_ADDRESS_LENGTH)
    bytes[0] = MASK_FIRST_BYTE
    new DataView(bytes.buffer).setBigUint64(MASK_LENGTH, address.id)
    return bytes
  }
  if (address.namespace !== ETHEREUM_ADDRESS_MANAGER_ACTOR_ID) return undefined
  const { payload } = address
  if (payload.length !== ETHEREUM_ADDRESS_LENGTH || maskedId(payload) !== undefined) return undefined
  return payload.slice()
}

/**
 * An address in Ethereum's form, `0x` and 40 hexadecimal digits, or `undefined` where it has none (see {@link ethereumAddressBytes}).
 * Lower case, or with the mixed-case checksum of EIP-55 where `crypto` is given.
 */
export function toEthereumAddress(address: Address, crypto?: CryptoProvider): string | undefined {
  const bytes = ethereumAddressBytes(address)
  if (bytes === undefined) return undefined
  const digits = toHex(bytes)
  return `0x${crypto === undefined ? digits : withChecksum(digits, crypto)}`
}

/**
 * Reads an Ethereum address from its text and gives its Filecoin address. With `crypto`, digits of mixed case must be those of EIP-55.
 * @throws {HypervisorError} address/malformed, address/checksum
 */
export function parseEthereumHex(text: string, crypto?: CryptoProvider): Address {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) {
    throw new HypervisorError('address/malformed', 'an Ethereum address is 0x and 40 hexadecimal digits')
  }
  const digits = text.slice(2)
  const lower = digits.toLowerCase()
  const isMixed = digits !== lower && digits !== digits.toUpperCase()
  if (crypto !== undefined && isMixed && digits !== withChecksum(lower, crypto)) {
    throw new HypervisorError('address/checksum', 'the case of the digits does not fit the address')
  }
  const bytes = new Uint8Array(ETHEREUM_ADDRESS_LENGTH)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(lower.slice(2 * i, 2 * i + 2), 16)
  return ethereumAddress(bytes)
}

function maskedId(bytes: Uint8Array): ActorId | undefined {
  if (bytes[0] !== MASK_FIRST_BYTE) return undefined
  for (let i = 1; i < MASK_LENGTH; i++) if (bytes[i] !== 0) return undefined
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(MASK_LENGTH)
}

/** EIP-55: a letter is upper case where the same digit of the Keccak-256 of the lower-case text is 8 or more. */
function withChecksum(digits: string, crypto: CryptoProvider): string {
  const hash = toHex(crypto.keccak256(Uint8Array.from(digits, (digit) => digit.charCodeAt(0))))
  return Array.from(digits, (digit, i) => (hash.charAt(i) >= '8' ? digit.toUpperCase() : digit)).join('')
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
