/**
 * @module Addresses as code of contracts has them: words whose lowest 20 bytes are an Ethereum address, or an actor's id behind the mask.
 *
 * Source: builtin-actors v18 actors/evm/shared/src/address.rs, actors/evm/src/interpreter/precompiles/mod.rs.
 */
import {
  type Address,
  delegatedAddress,
  ETHEREUM_ADDRESS_LENGTH,
  ETHEREUM_ADDRESS_MANAGER_ACTOR_ID,
  idAddress,
} from '@troupe/hypervisor'

/** First byte of the addresses of Filecoin's own precompiles. */
const NATIVE_PREFIX = 0xfen
/** First byte of masked ids. */
const ID_PREFIX = 0xffn
const PREFIX_SHIFT = 152n
const ID_BITS = 64
const P256_VERIFY = 0x100n

/** The bytes of an address. @param address below 2^160 */
export function contractAddressBytes(address: bigint): Uint8Array {
  const bytes = new Uint8Array(ETHEREUM_ADDRESS_LENGTH)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, Number(address >> 128n))
  view.setBigUint64(4, address >> 64n)
  view.setBigUint64(12, address)
  return bytes
}

/** The number of an address of 20 bytes. */
export function contractAddressOfBytes(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return (BigInt(view.getUint32(0)) << 128n) | (view.getBigUint64(4) << 64n) | view.getBigUint64(12)
}

/** The masked form of an actor's id. */
export function contractAddressOfId(id: bigint): bigint {
  return (ID_PREFIX << PREFIX_SHIFT) | id
}

/** The id behind the mask; `undefined` for any other address. */
export function maskedIdOf(address: bigint): bigint | undefined {
  return address >> BigInt(ID_BITS) === ID_PREFIX << (PREFIX_SHIFT - BigInt(ID_BITS))
    ? BigInt.asUintN(ID_BITS, address)
    : undefined
}

/** The actor that an address stands for: f0 for a masked id, otherwise f410. */
export function addressOfContract(address: bigint): Address {
  const id = maskedIdOf(address)
  if (id !== undefined) return idAddress(id)
  return delegatedAddress(ETHEREUM_ADDRESS_MANAGER_ACTOR_ID, contractAddressBytes(address))
}

/** The address of a precompile: Ethereum's or Filecoin's own, by number. */
export function contractAddressOfPrecompile({
  isNative,
  number,
}: {
  readonly isNative: boolean
  readonly number: number
}): bigint {
  return (isNative ? NATIVE_PREFIX << PREFIX_SHIFT : 0n) | BigInt(number)
}

/** Which precompile an address is kept for: Ethereum's or Filecoin's own, by number; `undefined` for addresses that actors can have. There may be none by that number. */
export function reservedPrecompile(
  address: bigint,
): { readonly isNative: boolean; readonly number: number } | undefined {
  if (address === P256_VERIFY || (address > 0n && address <= 0xffn))
    return { isNative: false, number: Number(address) }
  if (address >> PREFIX_SHIFT !== NATIVE_PREFIX) return undefined
  const rest = address - (NATIVE_PREFIX << PREFIX_SHIFT)
  return rest > 0n && rest <= 0xffn ? { isNative: true, number: Number(rest) } : undefined
}
