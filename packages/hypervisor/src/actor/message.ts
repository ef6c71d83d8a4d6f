/**
 * @module Messages: what a chain carries for an executor to apply.
 *
 * Source: ref-fvm release/v3 shared/src/message.rs; lotus chain/types/message.go.
 */
import type { CryptoProvider } from '@troupe/crypto'
import { type CborReader, CborWriter, type Cid, cidOf, DAG_CBOR, type ValueCodec } from '@troupe/ipld'
import { type Address, type AddressOptions, readAddress, writeAddress } from '../address/address.ts'
import { decodeWhole } from './decode-whole.ts'
import type { MethodNumber } from './method-number.ts'
import type { TokenAmount } from './token-amount.ts'

/** An unsigned message. */
export interface Message {
  /** Version of the format, an unsigned 64-bit integer. Networks accept {@link MESSAGE_VERSION} only; the codec and the executor any. */
  readonly version: bigint
  readonly to: Address
  readonly from: Address
  /** How many messages the sender has sent before, an unsigned 64-bit integer. */
  readonly sequence: bigint
  /** What is transferred. */
  readonly value: TokenAmount
  /** Most gas that may be used, an unsigned 64-bit integer; executors accept 1 to 2^63-1. */
  readonly gasLimit: bigint
  /** Most that the sender pays for one gas, in all. */
  readonly gasFeeCap: TokenAmount
  /** What the sender offers the block's producer for one gas of the limit. */
  readonly gasPremium: TokenAmount
  readonly method: MethodNumber
  /** Parameters, encoded; empty for none. */
  readonly params: Uint8Array
}

/** The version of messages that networks accept. */
export const MESSAGE_VERSION = 0n

const FIELD_COUNT = 10
/** Bytes of most messages without their parameters. */
const ENCODED_LENGTH = 128

/**
 * Messages in CBOR: `[version, to, from, sequence, value, gas limit, gas fee cap, gas premium, method, params]`.
 *
 * Differs: generation 2 of the reference reads version and gas limit as signed integers. Negative ones are refused here when a message is
 * decoded, and there when it is checked; gas limits above 2^63-1 the other way round.
 */
export const messageCodec: ValueCodec<Message> = {
  encode: writeMessage,
  decode: (reader) => readMessage(reader),
}

/** Writes a message as {@link messageCodec} says. */
export function writeMessage(writer: CborWriter, message: Message): void {
  writer.array(FIELD_COUNT).uint(message.version)
  writeAddress(writer, message.to)
  writeAddress(writer, message.from)
  writer
    .uint(message.sequence)
    .bigInt(message.value)
    .uint(message.gasLimit)
    .bigInt(message.gasFeeCap)
    .bigInt(message.gasPremium)
    .uint(message.method)
    .bytes(message.params)
}

/**
 * Reads a message as {@link messageCodec} says.
 * @throws {IpldError} cbor/…
 * @throws {HypervisorError} address/malformed
 */
export function readMessage(reader: CborReader, options?: AddressOptions): Message {
  reader.tuple(FIELD_COUNT)
  return {
    version: reader.uint64(),
    to: readAddress(reader, options),
    from: readAddress(reader, options),
    sequence: reader.uint64(),
    value: reader.bigInt(),
    gasLimit: reader.uint64(),
    gasFeeCap: reader.bigInt(),
    gasPremium: reader.bigInt(),
    method: reader.uint64(),
    params: reader.bytes().slice(),
  }
}

/** The bytes of a message. */
export function encodeMessage(message: Message): Uint8Array {
  const writer = new CborWriter(ENCODED_LENGTH + message.params.length)
  writeMessage(writer, message)
  return writer.finish()
}

/**
 * Reads the message that `bytes` is.
 * @throws {HypervisorError} message/malformed
 */
export function decodeMessage(bytes: Uint8Array, options?: AddressOptions): Message {
  return decodeWhole(bytes, 'message/malformed', (reader) => readMessage(reader, options))
}

/** The CID of an unsigned message: what its sender signs, and the name of messages with BLS signatures. */
export function messageCid(crypto: CryptoProvider, message: Message): Cid {
  return cidOf(crypto, DAG_CBOR, encodeMessage(message))
}
