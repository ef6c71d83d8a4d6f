/**
 * @module Addresses in their binary form, which state, messages and syscalls use. Text is in `text.ts`, Ethereum's form in `ethereum.ts`.
 *
 * Bytes: protocol (0 to 4), then the payload: an actor id in LEB128 (f0), blake2b-160 of a secp256k1 key (f1), blake2b-160 of what the actor
 * was created from (f2), a BLS key (f3), or a namespace in LEB128 and up to 54 bytes (f4).
 *
 * Source: ref-fvm release/v3 shared/src/address/{mod,payload}.rs; release/v2 has no f4.
 */
import type { CryptoProvider } from '@troupe/crypto'
import { bytesKey, type CborReader, type CborWriter, type ValueCodec } from '@troupe/ipld'
import { HypervisorError } from '../errors.ts'
import { printAs } from '../print-as.ts'
import { decodeLeb128, encodeLeb128, MAX_UINT64 } from './leb128.ts'

/** Number of an actor, 0 to 2^64-1. A bigint everywhere, because hostile addresses hold ids that no double is exact for. */
export type ActorId = bigint

/** An actor id as the key of a map: a number where that is exact, which is found in 4 ns, and a bigint in 20. */
export type IdKey = number | bigint

/** The key of an id. */
export function idKey(id: ActorId): IdKey {
  return id <= MAX_EXACT_ID ? Number(id) : id
}
const MAX_EXACT_ID = BigInt(Number.MAX_SAFE_INTEGER)

/** The first byte of an address. */
export type AddressProtocol = 0 | 1 | 2 | 3 | 4

/** Address protocols by name. */
export const AddressProtocol = { ID: 0, SECP256K1: 1, ACTOR: 2, BLS: 3, DELEGATED: 4 } as const

/** Length of the payload of f1 and f2 addresses, in bytes. */
export const HASH_PAYLOAD_LENGTH = 20
/** Length of an uncompressed secp256k1 public key, in bytes. */
export const SECP256K1_PUBLIC_KEY_LENGTH = 65
/** Length of a BLS public key, in bytes. */
export const BLS_PUBLIC_KEY_LENGTH = 48
/** Most bytes that follow the namespace in an f4 address. */
export const MAX_SUBADDRESS_LENGTH = 54
/** Most bytes of an address: protocol, namespace of ten bytes, longest subaddress. */
export const MAX_ADDRESS_LENGTH = 65

/**
 * An address. Immutable and canonical: two addresses are the same exactly if their bytes (or {@link Address.key}s) are.
 * Made by the functions of this module, which validate; the constructor does not.
 */
export class Address {
  readonly protocol: AddressProtocol
  /** The binary form, protocol byte included. Must not be written to. */
  readonly bytes: Uint8Array
  /** The actor id of an f0 address, otherwise `undefined`. */
  readonly id: ActorId | undefined
  /** The namespace of an f4 address (the id of the actor that manages it), otherwise `undefined`. */
  readonly namespace: ActorId | undefined
  readonly #payloadStart: number
  #key: string | undefined

  /** @internal */
  constructor(protocol: AddressProtocol, bytes: Uint8Array, id?: ActorId, namespace?: ActorId, start = 1) {
    this.protocol = protocol
    this.bytes = bytes
    this.id = id
    this.namespace = namespace
    this.#payloadStart = start
  }

  /** A string that is equal exactly for equal addresses: the key of maps and caches. One character a byte. */
  get key(): string {
    this.#key ??= bytesKey(this.bytes)
    return this.#key
  }

  /** What follows the protocol, and in f4 addresses the namespace: the hash, the key, the subaddress, the id's LEB128. A view. */
  get payload(): Uint8Array {
    return this.bytes.subarray(this.#payloadStart)
  }

  static {
    printAs(Address.prototype, describe)
  }
}

/** An id as `Address(f0120)`, and of others the payload in hexadecimal, because their text has a checksum. */
function describe({ id, namespace, payload, protocol }: Address): string {
  if (id !== undefined) return `Address(f0${id})`
  const manager = namespace === undefined ? '' : `${namespace} `
  const digits = Array.from(payload, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return `Address(f${protocol} ${manager}0x${digits})`
}

/** Which addresses decoding accepts. */
export interface AddressOptions {
  /** Whether f4 addresses exist; they do from network version 18 on. Default: `true`. */
  readonly delegated?: boolean
}

/**
 * The f0 address of an actor.
 * @throws {HypervisorError} address/malformed for an id outside 0 to 2^64-1
 */
export function idAddress(id: ActorId): Address {
  checkUint64(id)
  // The protocol's byte is 0, and in its place already.
  return new Address(AddressProtocol.ID, encodeLeb128(id, 1), id)
}

/**
 * The f1 address of an uncompressed secp256k1 public key (65 bytes).
 * @throws {HypervisorError} address/malformed for another length
 */
export function secp256k1Address(crypto: CryptoProvider, publicKey: Uint8Array): Address {
  checkLength(publicKey, SECP256K1_PUBLIC_KEY_LENGTH)
  const bytes = withProtocol(AddressProtocol.SECP256K1, crypto.blake2b(publicKey, HASH_PAYLOAD_LENGTH))
  return new Address(AddressProtocol.SECP256K1, bytes)
}

/** The f2 address made from `data`: that of an actor that does not depend on the order of messages. */
export function actorAddress(crypto: CryptoProvider, data: Uint8Array): Address {
  const bytes = withProtocol(AddressProtocol.ACTOR, crypto.blake2b(data, HASH_PAYLOAD_LENGTH))
  return new Address(AddressProtocol.ACTOR, bytes)
}

/**
 * The f3 address of a BLS public key (48 bytes; whether it is a point of the curve is not looked at).
 * @throws {HypervisorError} address/malformed for another length
 */
export function blsAddress(publicKey: Uint8Array): Address {
  checkLength(publicKey, BLS_PUBLIC_KEY_LENGTH)
  return new Address(AddressProtocol.BLS, withProtocol(AddressProtocol.BLS, publicKey))
}

/**
 * The f4 address of `subaddress` (0 to 54 bytes) in a namespace.
 * @throws {HypervisorError} address/malformed for a longer subaddress, or a namespace outside 0 to 2^64-1
 */
export function delegatedAddress(namespace: ActorId, subaddress: Uint8Array): Address {
  checkUint64(namespace)
  if (subaddress.length > MAX_SUBADDRESS_LENGTH) throw wrongLength(subaddress.length)
  const prefix = encodeLeb128(namespace)
  const bytes = new Uint8Array(1 + prefix.length + subaddress.length)
  bytes[0] = AddressProtocol.DELEGATED
  bytes.set(prefix, 1)
  bytes.set(subaddress, 1 + prefix.length)
  return new Address(AddressProtocol.DELEGATED, bytes, undefined, namespace, 1 + prefix.length)
}

/**
 * Reads an address from its binary form. The result does not share memory with `bytes`.
 *
 * Integers are checked as the reference does; see {@link decodeLeb128} for the one way in which bytes that are not canonical pass. The
 * result is canonical all the same.
 *
 * @throws {HypervisorError} address/malformed
 */
export function decodeAddress(bytes: Uint8Array, options: AddressOptions = {}): Address {
  const protocol = bytes[0]
  // The reference refuses a lone protocol byte before it looks at it; no protocol has an empty payload.
  if (protocol === undefined || bytes.length < 2) throw wrongLength(bytes.length)
  switch (protocol) {
    case AddressProtocol.ID: {
      const { value, end } = decodeLeb128(bytes, 1)
      if (end !== bytes.length) throw new HypervisorError('address/malformed', 'bytes after the actor id')
      return idAddress(value)
    }
    case AddressProtocol.SECP256K1:
    case AddressProtocol.ACTOR:
      checkLength(bytes, 1 + HASH_PAYLOAD_LENGTH)
      return new Address(protocol, bytes.slice())
    case AddressProtocol.BLS:
      checkLength(bytes, 1 + BLS_PUBLIC_KEY_LENGTH)
      return new Address(protocol, bytes.slice())
    case AddressProtocol.DELEGATED: {
      if (options.delegated === false) throw unknownProtocol(protocol)
      const { value, end } = decodeLeb128(bytes, 1)
      return delegatedAddress(value, bytes.subarray(end))
    }
    default:
      throw unknownProtocol(protocol)
  }
}

/** Whether two addresses are the same, byte by byte. An f0 address never equals another form of the same actor. */
export function addressEquals(a: Address, b: Address): boolean {
  return a.key === b.key
}

/** Whether this is the f3 address whose key is the point at infinity: no account is ever created for it. */
export function isBlsZeroAddress(address: Address): boolean {
  return (
    address.protocol === AddressProtocol.BLS &&
    address.bytes[1] === 0xc0 &&
    address.bytes.every((byte, i) => i < 2 || byte === 0)
  )
}

/** Writes an address as CBOR: a byte string. */
export function writeAddress(writer: CborWriter, address: Address): CborWriter {
  return writer.bytes(address.bytes)
}

/**
 * Reads an address from CBOR: a byte string.
 * @throws {IpldError} cbor/…
 * @throws {HypervisorError} address/malformed
 */
export function readAddress(reader: CborReader, options?: AddressOptions): Address {
  return decodeAddress(reader.bytes(), options)
}

/** Addresses as values of a HAMT or AMT. Accepts f4 addresses. */
export const addressCodec: ValueCodec<Address> = {
  encode: writeAddress,
  decode: (reader) => readAddress(reader),
}

function withProtocol(protocol: AddressProtocol, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(1 + payload.length)
  bytes[0] = protocol
  bytes.set(payload, 1)
  return bytes
}

function checkUint64(value: bigint): void {
  if (value < 0n || value > MAX_UINT64) {
    throw new HypervisorError('address/malformed', `${value} is not an actor id`)
  }
}

function checkLength(bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) throw wrongLength(bytes.length)
}

function wrongLength(length: number): HypervisorError {
  return new HypervisorError('address/malformed', `${length} bytes is not a length that fits`)
}

function unknownProtocol(protocol: number): HypervisorError {
  return new HypervisorError('address/malformed', `there is no address protocol ${protocol}`)
}
