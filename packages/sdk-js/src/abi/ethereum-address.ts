/** @module Addresses as contracts know them. Source: FIP-0055 (delegated addresses), FIP-0054 (masked ids). */
import { bytes, type Directory, type Ref, SdkError, toUint8Array } from '@troupe/sdk-js'
import { isEthereumAddress } from './abi-type.ts'
import type { EthereumAddress } from './abi-values.ts'

/** What an address of the Ethereum address manager begins with: protocol 4, namespace 10. */
const PREFIX = [4, 10]
const DIGITS = 40
/** The first byte of an id that stands for an address, and the zeros behind it. */
const MASK = 0xffn << 152n
const MAX_ID = 2n ** 64n - 1n

/** The address that contracts know an actor by: its own, or its id behind `0xff`. @throws {SdkError} host/refused */
export function ethereumAddress(directory: Directory, ref: Ref): EthereumAddress {
  const delegated = directory.delegatedAddress(ref)
  const address = delegated === undefined ? [] : [...toUint8Array(delegated)]
  const isOwn = address.length === 22 && PREFIX.every((byte, i) => address[i] === byte)
  if (!isOwn) return `0x${(MASK | directory.id(ref)).toString(16)}`
  return `0x${address
    .slice(2)
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')}`
}

/** The public facet of the actor behind an address. @throws {SdkError} abi/refused for what is no address; host/refused where there is none */
export function atEthereumAddress(directory: Directory, address: EthereumAddress): Ref {
  if (!isEthereumAddress(address)) throw new SdkError('abi/refused', 'a value that is no address')
  const value = BigInt(address)
  if ((value & ~MAX_ID) === MASK) return directory.actor(value & MAX_ID)
  const digits = value.toString(16).padStart(DIGITS, '0')
  const content = Array.from({ length: DIGITS / 2 }, (_, i) =>
    Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16),
  )
  return directory.resolve(bytes(Uint8Array.from([...PREFIX, ...content])))
}
