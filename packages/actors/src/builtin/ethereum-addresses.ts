/** @module The addresses that Ethereum gives to contracts, and those that it may not give. Source: builtin-actors v18 actors/eam/src/lib.rs, actors/evm/shared/src/address.rs. */

import { type ActorId, ETHEREUM_ADDRESS_LENGTH, ethereumAddressBytes, idAddress } from '@troupe/hypervisor'
import type { ActorCrypto } from '@troupe/runtime-native'

const KECCAK_256 = 0x1b
const ID_PREFIX = 0xff
const NATIVE_PRECOMPILE_PREFIX = 0xfe
const RLP_SHORT_BYTES = 0x80
const RLP_SHORT_LIST = 0xc0

/** The last 20 bytes of a Keccak-256 digest. */
export function lastTwentyOfKeccak(crypto: ActorCrypto, data: Uint8Array): Uint8Array {
  return crypto.hash(KECCAK_256, data).slice(12)
}

/** The address of a contract by the rules of CREATE: of the RLP of `[creator, nonce]`. */
export function createAddress(crypto: ActorCrypto, creator: Uint8Array, nonce: bigint): Uint8Array {
  const number = rlpNumber(nonce)
  const length = 1 + creator.length + number.length
  const list = new Uint8Array(1 + length)
  list[0] = RLP_SHORT_LIST + length
  list[1] = RLP_SHORT_BYTES + creator.length
  list.set(creator, 2)
  list.set(number, 2 + creator.length)
  return lastTwentyOfKeccak(crypto, list)
}

/** The address of a contract by the rules of CREATE2 (EIP-1014). */
export function create2Address(
  crypto: ActorCrypto,
  creator: Uint8Array,
  salt: Uint8Array,
  initcode: Uint8Array,
): Uint8Array {
  const codeHash = crypto.hash(KECCAK_256, initcode)
  const data = new Uint8Array(1 + creator.length + salt.length + codeHash.length)
  data[0] = 0xff
  data.set(creator, 1)
  data.set(salt, 1 + creator.length)
  data.set(codeHash, 1 + creator.length + salt.length)
  return lastTwentyOfKeccak(crypto, data)
}

/** An actor's id in Ethereum's form. */
export function ethereumAddressOfId(id: ActorId): Uint8Array {
  // An f0 address always has that form.
  return ethereumAddressBytes(idAddress(id)) as Uint8Array
}

/** Whether there may be a contract at an address: not at zero, nor where precompiles and ids are. */
export function canBeContract(address: Uint8Array): boolean {
  const [prefix] = address
  const last = ETHEREUM_ADDRESS_LENGTH - 1
  const isZero = (from: number, to: number): boolean => address.subarray(from, to).every((byte) => byte === 0)
  const isPrecompile = (prefix === 0 || prefix === NATIVE_PRECOMPILE_PREFIX) && isZero(1, last)
  const isId = prefix === ID_PREFIX && isZero(1, 12)
  return !isPrecompile && !isId
}

/** An unsigned 64-bit integer in RLP: big-endian without leading zeros. */
function rlpNumber(value: bigint): Uint8Array {
  if (value === 0n) return Uint8Array.of(RLP_SHORT_BYTES)
  const bytes: number[] = []
  for (let rest = value; rest > 0n; rest >>= 8n) bytes.unshift(Number(rest & 0xffn))
  const [only] = bytes
  if (bytes.length === 1 && only !== undefined && only < RLP_SHORT_BYTES) return Uint8Array.of(only)
  return Uint8Array.of(RLP_SHORT_BYTES + bytes.length, ...bytes)
}
