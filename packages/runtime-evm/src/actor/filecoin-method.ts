/**
 * @module Methods of FRC-42 that a contract answers in Solidity: any number that no method of the actor has is put to
 * `handle_filecoin_method(uint64 method, uint64 codec, bytes params)`, which returns `(uint32 exit code, uint64 codec, bytes)`.
 *
 * Source: builtin-actors v18 actors/evm/src/lib.rs (`handle_filecoin_method`).
 */
import { ExitCode } from '@troupe/hypervisor'
import { CBOR } from '@troupe/ipld'
import { fail, type SentBlock } from '@troupe/runtime-native'
import { AbiReader, writeAbi } from './abi-reader.ts'

/** First four bytes of the hash of the signature. */
const SELECTOR = Uint8Array.of(0x86, 0x8e, 0x10, 0xc4)
const WORD = 32n
/** More than that is no block. */
const MAX_BLOCK = 1_048_576

/** The input of a contract that a method number and parameters become. */
export function filecoinMethodInput(method: bigint, parameters: SentBlock | undefined): Uint8Array {
  const { codec = 0, data = new Uint8Array() } = parameters ?? {}
  const call = writeAbi([method, BigInt(codec), 3n * WORD, BigInt(data.length)], data)
  const input = new Uint8Array(SELECTOR.length + call.length)
  input.set(SELECTOR)
  input.set(call, SELECTOR.length)
  return input
}

/**
 * What a method returns, of what the contract returned.
 * @param panic ends the invocation: the actor cannot hold what it was told to return
 * @throws {ActorError} USR_SERIALIZATION for what is not in the form; the exit code that the contract told, with the block
 */
export function filecoinMethodOutput(
  output: Uint8Array,
  panic: (message: string) => never,
): SentBlock | undefined {
  if (output.length === 0) return undefined
  const reader = new AbiReader(output)
  const exitCode = Number(reader.uint(32))
  const codec = reader.uint(64)
  reader.seek(Number(reader.uint(32)))
  const length = Number(reader.uint(32))
  if (codec !== BigInt(CBOR) && (codec !== 0n || length > 0))
    fail(ExitCode.USR_SERIALIZATION, `a return value of ${length} bytes of codec ${codec}`)
  if (length > MAX_BLOCK) panic(`a return value of ${length} bytes`)
  const block = codec === 0n ? undefined : { codec: CBOR, data: reader.bytes(length).slice() }
  if (exitCode === ExitCode.OK) return block
  return fail(exitCode, 'the contract exits with an exit code of its own', block)
}
