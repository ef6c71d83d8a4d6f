/**
 * @module Messages with their sender's signature, as they stand in blocks and message pools.
 *
 * Source: lotus chain/types/signedmessage.go, chain/types/message.go.
 */
import type { CryptoProvider } from '@troupe/crypto'
import { type CborReader, CborWriter, type Cid, cidOf, DAG_CBOR, type ValueCodec } from '@troupe/ipld'
import type { Address, AddressOptions } from '../address/address.ts'
import { decodeWhole } from './decode-whole.ts'
import { encodeMessage, type Message, messageCid, readMessage, writeMessage } from './message.ts'
import { readSignature, type Signature, SignatureType, verifySignature, writeSignature } from './signature.ts'

/** A message and its sender's signature. */
export interface SignedMessage {
  readonly message: Message
  readonly signature: Signature
}

const FIELD_COUNT = 2

/** Signed messages in CBOR: `[message, signature]`. */
export const signedMessageCodec: ValueCodec<SignedMessage> = {
  encode: writeSignedMessage,
  decode: (reader) => readSignedMessage(reader),
}

function writeSignedMessage(writer: CborWriter, signed: SignedMessage): void {
  writer.array(FIELD_COUNT)
  writeMessage(writer, signed.message)
  writeSignature(writer, signed.signature)
}

function readSignedMessage(reader: CborReader, options?: AddressOptions): SignedMessage {
  reader.tuple(FIELD_COUNT)
  return { message: readMessage(reader, options), signature: readSignature(reader) }
}

/** The bytes of a signed message. */
export function encodeSignedMessage(signed: SignedMessage): Uint8Array {
  const writer = new CborWriter(512)
  writeSignedMessage(writer, signed)
  return writer.finish()
}

/**
 * Reads the signed message that `bytes` is.
 * @throws {HypervisorError} message/malformed
 */
export function decodeSignedMessage(bytes: Uint8Array, options?: AddressOptions): SignedMessage {
  return decodeWhole(bytes, 'message/malformed', (reader) => readSignedMessage(reader, options))
}

/**
 * The name of a signed message: with a BLS signature, which blocks aggregate and drop, the CID of the message alone; otherwise the CID of
 * message and signature.
 */
export function signedMessageCid(crypto: CryptoProvider, signed: SignedMessage): Cid {
  return signed.signature.type === SignatureType.BLS
    ? messageCid(crypto, signed.message)
    : cidOf(crypto, DAG_CBOR, encodeSignedMessage(signed))
}

/** The length of what the chain stores for a message, in bytes: what inclusion is charged for. Without the signature if that is a BLS one. */
export function chainLength(signed: SignedMessage): number {
  const bytes =
    signed.signature.type === SignatureType.BLS ? encodeMessage(signed.message) : encodeSignedMessage(signed)
  return bytes.length
}

/**
 * Whether a message is signed by its sender: what is signed is the bytes of the message's CID.
 *
 * @param signer the sender's key address, f1 or f3, where `message.from` is not one
 * @throws {HypervisorError} signature/unsupported for delegated signatures, which need the Ethereum transaction of the message
 */
export function verifyMessageSignature(
  crypto: CryptoProvider,
  signed: SignedMessage,
  signer: Address = signed.message.from,
): boolean {
  return verifySignature(crypto, signed.signature, signer, messageCid(crypto, signed.message).bytes)
}
