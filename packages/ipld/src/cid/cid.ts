/** @module CIDs as consensus code uses them: the `CID` of multiformats, and the few operations that the protocol defines on it. */
import type { CryptoProvider } from '@troupe/crypto'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { IpldError } from '../errors.ts'
import { BLAKE2B_256, COMMON_LENGTH, CommonCid } from './common-cid.ts'
import { truncatesVarint, varintBigInt, varintEnd, varintNumber } from './varint.ts'

/** A content identifier. Compare by {@link cidKey} or {@link cidEquals}, never by identity, `instanceof` or the fields of the object. */
export type Cid = CID

/** Multicodec numbers of block formats that the FVM knows. */
export const RAW = 0x55
/** CBOR without links: what the FVM uses for parameters and return values. */
export const CBOR = 0x51
/** DAG-CBOR: state. */
export const DAG_CBOR = 0x71
/** DAG-PB: the codec of every version 0 CID. The FVM stores no such blocks. */
export const DAG_PB = 0x70
/** Codec of an unsealed sector commitment (CommD); never followed as a link. */
export const FIL_COMMITMENT_UNSEALED = 0xf101
/** Codec of a sealed sector commitment (CommR); never followed as a link. */
export const FIL_COMMITMENT_SEALED = 0xf102

/** Multihash numbers that the FVM knows. */
export const IDENTITY = 0x00
export const SHA2_256 = 0x12
/** SHA-256 with the two most significant bits cleared, over padded pieces: the hash of a data commitment. */
export const SHA2_256_TRUNC254_PADDED = 0x1012

/** The longest digest that a CID may carry, in bytes. */
export const MAX_DIGEST_LENGTH = 64

/** What follows the codec in a CIDv1 with a blake2b-256 digest: hash function and length. */
const BLAKE2B_256_HEADER = [0xa0, 0xe4, 0x02, 0x20]
const MAX_SHORT_CODEC = 0x7f

/** The CIDv1 of a block: blake2b-256, 32 bytes. */
export function cidOf(crypto: CryptoProvider, codec: number, bytes: Uint8Array): Cid {
  const hash = crypto.blake2b(bytes, 32)
  if (codec > MAX_SHORT_CODEC) return createCid(codec, BLAKE2B_256, hash)
  const whole = new Uint8Array(COMMON_LENGTH)
  whole[0] = 1
  whole[1] = codec
  whole.set(BLAKE2B_256_HEADER, 2)
  whole.set(hash, 6)
  return new CommonCid(codec, whole)
}

/** A CIDv1 of a sector commitment up to its digest: sealed with Poseidon, unsealed with truncated SHA-256. */
const COMMITMENT_HEADERS: readonly (readonly [codec: number, header: readonly number[]])[] = [
  [FIL_COMMITMENT_SEALED, [1, 0x82, 0xe2, 0x03, 0x81, 0xe8, 0x02, 0x20]],
  [FIL_COMMITMENT_UNSEALED, [1, 0x81, 0xe2, 0x03, 0x92, 0x20, 0x20]],
]

/**
 * The codec of the CID in `start..end` of `bytes`, where it is one of those that almost all are: a CIDv1 with a codec of one byte and a blake2b-256 digest,
 * or a sector commitment. Otherwise `undefined`, and {@link decodeCidAt} has to look.
 */
export function codecOfCommonCid(bytes: Uint8Array, start: number, end: number): number | undefined {
  if (end > bytes.length) return undefined
  if (end - start === COMMON_LENGTH && holds(bytes, start + 2, BLAKE2B_256_HEADER)) {
    const codec = bytes[start + 1] as number
    return bytes[start] === 1 && codec <= MAX_SHORT_CODEC ? codec : undefined
  }
  for (const [codec, header] of COMMITMENT_HEADERS)
    if (end - start === header.length + 32 && holds(bytes, start, header)) return codec
  return undefined
}

function holds(bytes: Uint8Array, start: number, part: readonly number[]): boolean {
  for (let i = 0; i < part.length; i++) if (bytes[start + i] !== part[i]) return false
  return true
}

/** The CIDv1 of a digest that is known already. */
export function createCid(codec: number, hashFunction: number, digest: Uint8Array): Cid {
  return decodeCid(CID.createV1(codec, Digest.create(hashFunction, digest)).bytes)
}

/** A string that is equal exactly for equal CIDs: the key of maps and caches. One character a byte. */
export function cidKey(cid: Cid): string {
  return cid instanceof CommonCid ? cid.key : bytesKey(cid.bytes)
}

/** Whether a value is a CID, of whatever copy of the library that makes them. */
export function isCid(value: unknown): value is Cid {
  return typeof value === 'object' && value !== null && 'multihash' in value && 'asCID' in value
}

/** Whether two CIDs are the same, byte by byte. */
export function cidEquals(a: Cid, b: Cid): boolean {
  const x = a.bytes
  const y = b.bytes
  if (x === y) return true
  if (x.length !== y.length) return false
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return false
  return true
}

/**
 * Reads the one CID that `bytes` is. The CID keeps views of `bytes`.
 * @throws {IpldError} cid/malformed
 */
export function decodeCid(bytes: Uint8Array): Cid {
  const [cid, end] = decodeCidAt(bytes, 0)
  if (end !== bytes.length) malformed(`${bytes.length - end} bytes after the CID`)
  return cid
}

/**
 * Reads the CID at the start of `bytes`, and gives what follows it. The CID keeps views of `bytes`.
 * @throws {IpldError} cid/malformed
 */
export function decodeCidPrefix(bytes: Uint8Array): [cid: Cid, rest: Uint8Array] {
  const [cid, end] = decodeCidAt(bytes, 0)
  return [cid, bytes.subarray(end)]
}

/**
 * Reads the CID at position `start` of `bytes`, and gives the position after it. The CID keeps views of `bytes`.
 *
 * Accepts what the reference accepts: version 0 is `12 20` and 32 bytes; version 1 is three minimal varints of at most 64 bits (codec, hash
 * function, length) and a digest of at most 64 bytes. The `code` of a codec above 2^53 is rounded; its bytes are exact.
 *
 * Source: cid 0.11.3 `src/cid.rs`, multihash 0.19.5 `src/multihash.rs`, unsigned-varint 0.8.0 `src/decode.rs`.
 * @throws {IpldError} cid/malformed
 */
export function decodeCidAt(bytes: Uint8Array, start: number): [cid: Cid, end: number] {
  const common = decodeCommonCid(bytes, start)
  if (common !== undefined) return [common, start + COMMON_LENGTH]
  const versionEnd = varintEnd(bytes, start, malformed)
  const codecEnd = varintEnd(bytes, versionEnd, malformed)
  const version = varintNumber(bytes, start, versionEnd)
  const codec = varintNumber(bytes, versionEnd, codecEnd)
  let codeEnd = codecEnd
  let sizeEnd = codecEnd
  let code = SHA2_256
  let size = 32
  if (version === 1) {
    codeEnd = varintEnd(bytes, codecEnd, malformed)
    sizeEnd = varintEnd(bytes, codeEnd, malformed)
    code = varintNumber(bytes, codecEnd, codeEnd)
    size = varintNumber(bytes, codeEnd, sizeEnd)
    if (size > MAX_DIGEST_LENGTH) malformed(`a digest of ${size} bytes`)
  } else if (version !== SHA2_256 || codec !== 32) {
    malformed(`version ${version}`)
  }
  const end = sizeEnd + size
  if (end > bytes.length) malformed('it ends too early')
  const digest = bytes.subarray(sizeEnd, end)
  if (version !== 1) {
    const multihash = sizeEnd - start === 2 ? bytes.subarray(start, end) : concat([SHA2_256, 32], digest)
    return [new CID(0, DAG_PB, new Digest.Digest(code, size, digest, multihash), multihash), end]
  }
  if (sizeEnd - start > 12) {
    const varints = [start, versionEnd, codecEnd, codeEnd, sizeEnd]
    if (varints.some((at, i) => i > 0 && truncatesVarint(bytes, varints[i - 1] as number, at)))
      return [withCanonicalVarints(bytes, varints, digest), end]
  }
  const multihash = bytes.subarray(codecEnd, end)
  return [
    new CID(1, codec, new Digest.Digest(code, size, digest, multihash), bytes.subarray(start, end)),
    end,
  ]
}

/**
 * Reads the CID at position `start` of `bytes` where it is of the kind that almost all are: version 1, a codec of one byte, a blake2b-256 digest. It is of
 * {@link COMMON_LENGTH} bytes then, and keeps views of `bytes`.
 * @returns `undefined` where it is any other, or none
 */
export function decodeCommonCid(bytes: Uint8Array, start: number): Cid | undefined {
  const end = start + COMMON_LENGTH
  if (end > bytes.length || bytes[start] !== 1) return undefined
  const codec = bytes[start + 1] as number
  if (codec > MAX_SHORT_CODEC || !holds(bytes, start + 2, BLAKE2B_256_HEADER)) return undefined
  return new CommonCid(codec, bytes.subarray(start, end))
}

/**
 * Reads a CID from its text (base32, base36 or base58).
 * @throws {IpldError} cid/malformed
 */
export function parseCid(text: string): Cid {
  let cid: Cid
  try {
    cid = CID.parse(text)
  } catch (cause) {
    throw new IpldError('cid/malformed', `${JSON.stringify(text)} is not a CID`, { cause })
  }
  // The text's decoder is more liberal than the protocol (length of digests, version 0 with other lengths).
  return decodeCid(cid.bytes)
}

/** One character a byte (Latin-1): a cheap map key for short byte strings. */
export function bytesKey(bytes: Uint8Array): string {
  return String.fromCharCode.apply(null, bytes as unknown as number[])
}

/** The bytes that {@link bytesKey} made a key of: an array of the caller's own. */
export function keyBytes(key: string): Uint8Array {
  const bytes = new Uint8Array(key.length)
  for (let i = 0; i < bytes.length; i++) bytes[i] = key.charCodeAt(i)
  return bytes
}

/** A CID of which a varint of ten bytes has bits beyond the 64th: the reference drops them, so the CID's own bytes are not those read. */
function withCanonicalVarints(bytes: Uint8Array, varints: readonly number[], digest: Uint8Array): Cid {
  const encoded = [1, 2, 3, 4].map((i) =>
    encodeVarint(varintBigInt(bytes, varints[i - 1] as number, varints[i] as number)),
  )
  const [, codec = [], code = [], size = []] = encoded
  const multihash = concat([...code, ...size], digest)
  const whole = concat([1, ...codec], multihash)
  const codecNumber = varintNumber(whole, 1, 1 + codec.length)
  const codeNumber = varintNumber(multihash, 0, code.length)
  return new CID(
    1,
    codecNumber,
    new Digest.Digest(codeNumber, digest.length, digest, multihash),
    whole,
  ) as Cid
}

function encodeVarint(value: bigint): number[] {
  const bytes: number[] = []
  let rest = value
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  bytes.push(Number(rest))
  return bytes
}

function concat(head: readonly number[], tail: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(head.length + tail.length)
  bytes.set(head)
  bytes.set(tail, head.length)
  return bytes
}

function malformed(what: string): never {
  throw new IpldError('cid/malformed', `not a CID: ${what}`)
}
