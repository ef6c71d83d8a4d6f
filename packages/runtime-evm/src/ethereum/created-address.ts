/** @module The addresses of contracts that are created. */
import { fromWord } from '../interpreter/word.ts'
import { wordOf } from '../interpreter/word-bytes.ts'
import { encodeRlp, fixedBytes, integerBytes } from './rlp.ts'

/** Keccak-256. */
type Hash = (data: Uint8Array) => Uint8Array

/** The address of a contract that an account creates with CREATE or a transaction, by the nonce it has. */
export function createdAddress(keccak256: Hash, creator: bigint, nonce: bigint): bigint {
  return lowAddress(keccak256, encodeRlp([fixedBytes(creator, 20), integerBytes(nonce)]))
}

/** The address of a contract that an account creates with CREATE2 (EIP-1014). */
export function saltedAddress(keccak256: Hash, creator: bigint, salt: bigint, code: Uint8Array): bigint {
  const bytes = new Uint8Array(85)
  bytes[0] = 0xff
  bytes.set(fixedBytes(creator, 20), 1)
  bytes.set(fixedBytes(salt, 32), 21)
  bytes.set(keccak256(code), 53)
  return lowAddress(keccak256, bytes)
}

function lowAddress(keccak256: Hash, bytes: Uint8Array): bigint {
  return BigInt.asUintN(160, fromWord(wordOf(keccak256(bytes))))
}
