/** @module CIDs as consensus code uses them: the `CID` of multiformats, and the few operations that the protocol defines on it. */
import type { CryptoProvider } from '@troupe/crypto'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { IpldError } from '../errors.ts'

/** A content identifier. Compare by {@link cidKey} or {@link cidEquals}, never by identity or `instanceof`. */
export type Cid = CID

/** Multicodec numbers of block formats that the FVM knows. */
export const RAW = 0x55
/** CBOR without links: what the FVM uses for parameters and return values. */
export const CBOR = 0x51
/** DAG-CBOR: state. */
export const DAG_CBOR = 0x71
/** Codec of an unsealed sector commitment (CommD); never followed as a link. */
export const FIL_COMMITMENT_UNSEALED = 0xf101
/** Codec of a sealed sector commitment (CommR); never followed as a link. */
export const FIL_COMMITMENT_SEALED = 0xf102

/** Multihash numbers that the FVM knows. */
export const IDENTITY = 0x00
export const SHA2_256 = 0x12
export const BLAKE2B_256 = 0xb220

/** The CIDv1 of a block: blake2b-256, 32 bytes. */
export function cidOf(crypto: CryptoProvider, codec: number, bytes: Uint8Array): Cid {
  return CID.createV1(codec, Digest.create(BLAKE2B_256, crypto.blake2b(bytes, 32)))
}

/** A string that is equal exactly for equal CIDs: the key of maps and caches. One character a byte. */
export function cidKey(cid: Cid): string {
  return bytesKey(cid.bytes)
}

/** Whether two CIDs are the same, byte by byte. */
export function cidEquals(a: Cid, b: Cid): boolean {
  const x = a.bytes
  const y = b.bytes
  if (x.length !== y.length) return false
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return false
  return true
}

/**
 * Reads the one CID that `bytes` is.
 * @throws {IpldError} cid/malformed
 */
export function decodeCid(bytes: Uint8Array): Cid {
  const [cid, rest] = decodeCidPrefix(bytes)
  if (rest.length > 0) throw new IpldError('cid/malformed', `${rest.length} bytes after the CID`)
  return cid
}

/**
 * Reads the CID at the start of `bytes`, and gives what follows it.
 * @throws {IpldError} cid/malformed
 */
export function decodeCidPrefix(bytes: Uint8Array): [cid: Cid, rest: Uint8Array] {
  try {
    return CID.decodeFirst(bytes) as [Cid, Uint8Array]
  } catch (cause) {
    throw new IpldError('cid/malformed', 'these bytes do not start with a CID', { cause })
  }
}

/**
 * Reads a CID from its text (base32 or base58).
 * @throws {IpldError} cid/malformed
 */
export function parseCid(text: string): Cid {
  try {
    return CID.parse(text)
  } catch (cause) {
    throw new IpldError('cid/malformed', `${JSON.stringify(text)} is not a CID`, { cause })
  }
}

/** One character a byte (Latin-1): a cheap map key for short byte strings. */
export function bytesKey(bytes: Uint8Array): string {
  return String.fromCharCode.apply(null, bytes as unknown as number[])
}
