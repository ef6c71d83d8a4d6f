/**
 * @module Calls of native actors in Solidity's ABI, as a contract would receive them: `handle_filecoin_method(uint64 method, uint64 codec, bytes params)`, and what that
 * returns, `(uint32 exit code, uint64 codec, bytes data)`.
 *
 * Source: lotus node/impl/eth/utils.go `encodeFilecoinParamsAsABI`; FRC-0042 and the EVM actor's `handle_filecoin_method`.
 */

/** Selector of `handle_filecoin_method(uint64,uint64,bytes)`. */
const SELECTOR: readonly number[] = [0x86, 0x8e, 0x10, 0xc4]
/** Multicodec of CBOR. */
const CBOR = 0x51n
const WORD_LENGTH = 32
const HEAD_WORDS = 3

/** The input by which a native method is called. */
export function nativeCallData(method: bigint, params: Uint8Array): Uint8Array {
  return Uint8Array.from([...SELECTOR, ...encode(method, params.length === 0 ? 0n : CBOR, params)])
}

/** The output of a native method. */
export function nativeReturnData(exitCode: number, codec: bigint, data: Uint8Array): Uint8Array {
  return encode(BigInt(exitCode), codec, data)
}

function encode(first: bigint, second: bigint, data: Uint8Array): Uint8Array {
  const words = HEAD_WORDS + 1 + Math.ceil(data.length / WORD_LENGTH)
  const bytes = new Uint8Array(words * WORD_LENGTH)
  const view = new DataView(bytes.buffer)
  const numbers = [first, second, BigInt(HEAD_WORDS * WORD_LENGTH), BigInt(data.length)]
  for (const [index, number] of numbers.entries()) view.setBigUint64((index + 1) * WORD_LENGTH - 8, number)
  bytes.set(data, (HEAD_WORDS + 1) * WORD_LENGTH)
  return bytes
}
