/** @module Readers of Filecoin's objects, in the JSON of Lotus. */
import { CodedError, type CryptoProvider } from '@troupe/crypto'
import {
  type Address,
  isSignatureType,
  MAX_ADDRESS_TEXT_LENGTH,
  MESSAGE_VERSION,
  type Message,
  parseAddress,
  parseEthereumHex,
  type SignedMessage,
} from '@troupe/hypervisor'
import { type Cid, parseCid } from '@troupe/ipld'
import { invalid, optional, type Reader, reader } from '../parameters/parameter.ts'
import { count, listOf, objectOf, quantity, show } from '../parameters/readers.ts'
import { isJsonObject } from '../protocol/json.ts'

const MAX_CID_LENGTH = 200
const MAX_TIPSET_LENGTH = 100
const MAX_UINT64 = 2 ** 53
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/u

/** An address as text, of any kind; what it is can only be said with the hashes of a chain. */
export interface AddressText {
  readonly text: string
  readonly at: string
}

/** The text of an address; see {@link toFilecoinAddress}. */
export const addressText: Reader<AddressText> = reader('an address of Filecoin', (value, at) => {
  if (typeof value === 'string' && value.length <= MAX_ADDRESS_TEXT_LENGTH) return { text: value, at }
  throw invalid(at, `is no address of Filecoin: ${show(value)}`)
})

/** The address of a text. @throws {RpcError} rpc/invalid-params */
export function toFilecoinAddress(crypto: CryptoProvider, { at, text }: AddressText): Address {
  try {
    return text.startsWith('0x') ? parseEthereumHex(text) : parseAddress(text, crypto).address
  } catch (error) {
    if (error instanceof CodedError) throw invalid(at, `is no address of Filecoin: ${show(text)}`)
    throw error
  }
}

/** `{"/": "bafy…"}`. */
export const cid: Reader<Cid> = reader('a CID', (value, at) => {
  const text = isJsonObject(value) ? value['/'] : undefined
  if (typeof text !== 'string' || text.length > MAX_CID_LENGTH)
    throw invalid(at, `is no CID, which is {"/": "bafy…"}: ${show(value)}`)
  try {
    return parseCid(text)
  } catch (error) {
    if (error instanceof CodedError) throw invalid(at, `is no CID: ${show(text)}`)
    throw error
  }
})

/** The CIDs of a tipset's blocks; none for the head. */
export const tipsetKey: Reader<readonly Cid[] | undefined> = optional(listOf(cid, MAX_TIPSET_LENGTH))

/** Bytes in base64. */
export const base64: Reader<Uint8Array> = reader('bytes in base64', (value, at) => {
  if (typeof value !== 'string' || value.length % 4 !== 0 || !BASE64.test(value))
    throw invalid(at, `is no text of base64: ${show(value)}`)
  return Uint8Array.from(atob(value), (character) => character.charCodeAt(0))
})

/** A message before anyone says what its addresses are. */
export interface MessageFields {
  readonly Version: number | undefined
  readonly To: AddressText
  readonly From: AddressText
  readonly Nonce: bigint | undefined
  readonly Value: bigint | undefined
  readonly GasLimit: bigint | undefined
  readonly GasFeeCap: bigint | undefined
  readonly GasPremium: bigint | undefined
  readonly Method: bigint | undefined
  readonly Params: Uint8Array | undefined
}

/** A message in JSON; see {@link toMessage}. */
export const message: Reader<MessageFields> = objectOf('a message', {
  Version: optional(count(MAX_UINT64)),
  To: addressText,
  From: addressText,
  Nonce: optional(quantity),
  Value: optional(quantity),
  GasLimit: optional(quantity),
  GasFeeCap: optional(quantity),
  GasPremium: optional(quantity),
  Method: optional(quantity),
  Params: optional(base64),
})

/** The message of its JSON. What is left out is 0 or empty. @throws {RpcError} rpc/invalid-params */
export function toMessage(crypto: CryptoProvider, fields: MessageFields): Message {
  const { From, GasFeeCap, GasLimit, GasPremium, Method, Nonce, Params, To, Value, Version } = fields
  return {
    version: Version === undefined ? MESSAGE_VERSION : BigInt(Version),
    from: toFilecoinAddress(crypto, From),
    to: toFilecoinAddress(crypto, To),
    sequence: Nonce ?? 0n,
    value: Value ?? 0n,
    method: Method ?? 0n,
    params: Params ?? new Uint8Array(),
    gasLimit: GasLimit ?? 0n,
    gasFeeCap: GasFeeCap ?? 0n,
    gasPremium: GasPremium ?? 0n,
  }
}

/** A signed message before anyone says what its addresses are. */
export interface SignedMessageFields {
  readonly Message: MessageFields
  readonly Signature: { readonly Type: number; readonly Data: Uint8Array }
}

/** A signed message in JSON; see {@link toSigned}. */
export const signedMessage: Reader<SignedMessageFields> = objectOf('a signed message', {
  Message: message,
  Signature: objectOf('a signature', { Type: count(255), Data: base64 }),
})

/** The signed message of its JSON. @throws {RpcError} rpc/invalid-params */
export function toSigned(crypto: CryptoProvider, fields: SignedMessageFields): SignedMessage {
  const { Data: data, Type: type } = fields.Signature
  if (!isSignatureType(type)) throw invalid('message.Signature.Type', `is ${type}, which no signature is of`)
  return { message: toMessage(crypto, fields.Message), signature: { type, data } }
}
