/**
 * @module What actors hand to the proof syscalls, in CBOR.
 *
 * Byte strings and CIDs are views of the input. Numbers of kinds of proof may be unknown ones; see `registered-proofs.ts`.
 *
 * Source: ref-fvm release/v3 shared/src/sector/{post,seal}.rs, shared/src/piece/mod.rs; release/v2 has the same tuples.
 */
import type { CborReader, Cid } from '@troupe/ipld'
import type { ActorId } from '../address/address.ts'
import { decodeWhole } from './decode-whole.ts'

/** A piece of data in a sector. */
export interface PieceInfo {
  /** With padding, in bytes; an unsigned 64-bit integer. Whether it is a power of two is not looked at. */
  readonly size: bigint
  readonly cid: Cid
}

/** A sector that a proof of spacetime is about. */
export interface SectorInfo {
  /** Number of the kind of seal proof, a signed 64-bit integer. */
  readonly sealProof: bigint
  readonly sectorNumber: bigint
  readonly sealedCid: Cid
}

/** A proof of spacetime. */
export interface PostProof {
  /** Number of the kind of proof, a signed 64-bit integer. */
  readonly postProof: bigint
  readonly proofBytes: Uint8Array
}

/** What is needed to verify a window proof of spacetime. */
export interface WindowPostVerifyInfo {
  /** Any length; verifiers want 32 bytes. */
  readonly randomness: Uint8Array
  readonly proofs: readonly PostProof[]
  readonly challengedSectors: readonly SectorInfo[]
  readonly prover: ActorId
}

/** What is needed to verify a seal proof. */
export interface SealVerifyInfo {
  /** Number of the kind of seal proof, a signed 64-bit integer. */
  readonly sealProof: bigint
  readonly miner: ActorId
  readonly sectorNumber: bigint
  readonly dealIds: readonly bigint[]
  readonly randomness: Uint8Array
  readonly interactiveRandomness: Uint8Array
  readonly proof: Uint8Array
  readonly sealedCid: Cid
  readonly unsealedCid: Cid
}

/** One of the seals that an aggregate is about. */
export interface AggregateSealVerifyInfo {
  readonly sectorNumber: bigint
  readonly randomness: Uint8Array
  readonly interactiveRandomness: Uint8Array
  readonly sealedCid: Cid
  readonly unsealedCid: Cid
}

/** What is needed to verify an aggregate of seal proofs. */
export interface AggregateSealVerifyProofAndInfos {
  readonly miner: ActorId
  /** Number of the kind of seal proof, a signed 64-bit integer. */
  readonly sealProof: bigint
  /** Number of the kind of aggregation, a signed 64-bit integer. */
  readonly aggregateProof: bigint
  readonly proof: Uint8Array
  readonly infos: readonly AggregateSealVerifyInfo[]
}

/** What is needed to verify a replica update. */
export interface ReplicaUpdateInfo {
  /** Number of the kind of update proof, a signed 64-bit integer. */
  readonly updateProof: bigint
  readonly oldSealedCid: Cid
  readonly newSealedCid: Cid
  readonly newUnsealedCid: Cid
  readonly proof: Uint8Array
}

/**
 * Reads the pieces of a sector: `[[size, cid]…]`.
 * @throws {HypervisorError} proof-input/malformed
 */
export function decodePieceInfos(bytes: Uint8Array): readonly PieceInfo[] {
  return decodeInput(bytes, (reader) => readArray(reader, readPieceInfo))
}

/**
 * Reads the input of `crypto.verify_post`: `[randomness, [[kind, proof bytes]…], [[seal kind, sector, sealed cid]…], prover]`.
 * @throws {HypervisorError} proof-input/malformed
 */
export function decodeWindowPostVerifyInfo(bytes: Uint8Array): WindowPostVerifyInfo {
  return decodeInput(bytes, (reader) => {
    reader.tuple(4)
    return {
      randomness: reader.bytes(),
      proofs: readArray(reader, readPostProof),
      challengedSectors: readArray(reader, readSectorInfo),
      prover: reader.uint64(),
    }
  })
}

/**
 * Reads the input of `crypto.verify_seal`: `[kind, [miner, sector], deal ids, randomness, interactive randomness, proof, sealed, unsealed]`.
 * @throws {HypervisorError} proof-input/malformed
 */
export function decodeSealVerifyInfo(bytes: Uint8Array): SealVerifyInfo {
  return decodeInput(bytes, readSealVerifyInfo)
}

/**
 * Reads the input of `crypto.batch_verify_seals`: an array of what {@link decodeSealVerifyInfo} reads.
 * @throws {HypervisorError} proof-input/malformed
 */
export function decodeSealVerifyInfos(bytes: Uint8Array): readonly SealVerifyInfo[] {
  return decodeInput(bytes, (reader) => readArray(reader, readSealVerifyInfo))
}

/**
 * Reads the input of `crypto.verify_aggregate_seals`:
 * `[miner, seal kind, aggregation, proof, [[sector, randomness, interactive randomness, sealed, unsealed]…]]`.
 * @throws {HypervisorError} proof-input/malformed
 */
export function decodeAggregateSealVerifyProofAndInfos(bytes: Uint8Array): AggregateSealVerifyProofAndInfos {
  return decodeInput(bytes, (reader) => {
    reader.tuple(5)
    return {
      miner: reader.uint64(),
      sealProof: reader.int64(),
      aggregateProof: reader.int64(),
      proof: reader.bytes(),
      infos: readArray(reader, readAggregateSealVerifyInfo),
    }
  })
}

/**
 * Reads the input of `crypto.verify_replica_update`: `[kind, old sealed, new sealed, new unsealed, proof]`. The proof is an array of
 * integers and not a byte string: the reference leaves the encoding of this one field to its default.
 * @throws {HypervisorError} proof-input/malformed
 */
export function decodeReplicaUpdateInfo(bytes: Uint8Array): ReplicaUpdateInfo {
  return decodeInput(bytes, (reader) => {
    reader.tuple(5)
    return {
      updateProof: reader.int64(),
      oldSealedCid: reader.cid(),
      newSealedCid: reader.cid(),
      newUnsealedCid: reader.cid(),
      proof: Uint8Array.from(readArray(reader, (element) => element.uint(8))),
    }
  })
}

function readPieceInfo(reader: CborReader): PieceInfo {
  reader.tuple(2)
  return { size: reader.uint64(), cid: reader.cid() }
}

function readPostProof(reader: CborReader): PostProof {
  reader.tuple(2)
  return { postProof: reader.int64(), proofBytes: reader.bytes() }
}

function readSectorInfo(reader: CborReader): SectorInfo {
  reader.tuple(3)
  return { sealProof: reader.int64(), sectorNumber: reader.uint64(), sealedCid: reader.cid() }
}

function readSealVerifyInfo(reader: CborReader): SealVerifyInfo {
  reader.tuple(8)
  const sealProof = reader.int64()
  reader.tuple(2)
  return {
    sealProof,
    miner: reader.uint64(),
    sectorNumber: reader.uint64(),
    dealIds: readArray(reader, (element) => element.uint64()),
    randomness: reader.bytes(),
    interactiveRandomness: reader.bytes(),
    proof: reader.bytes(),
    sealedCid: reader.cid(),
    unsealedCid: reader.cid(),
  }
}

function readAggregateSealVerifyInfo(reader: CborReader): AggregateSealVerifyInfo {
  reader.tuple(5)
  return {
    sectorNumber: reader.uint64(),
    randomness: reader.bytes(),
    interactiveRandomness: reader.bytes(),
    sealedCid: reader.cid(),
    unsealedCid: reader.cid(),
  }
}

/** Reads an array. Its length is bounded by the input: the reader refuses to count more elements than there are bytes. */
function readArray<Element>(
  reader: CborReader,
  readElement: (reader: CborReader) => Element,
): readonly Element[] {
  const elements: Element[] = []
  for (let count = reader.array(); count > 0; count--) elements.push(readElement(reader))
  return elements
}

function decodeInput<Value>(bytes: Uint8Array, decode: (reader: CborReader) => Value): Value {
  return decodeWhole(bytes, 'proof-input/malformed', decode)
}
