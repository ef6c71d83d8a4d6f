/**
 * @module Block headers as Filecoin's nodes store them: a DAG-CBOR tuple of sixteen fields, whose blake2b-256 CID is the block's name.
 *
 * | # | field | CBOR |
 * | --- | --- | --- |
 * | 0 | miner | address, a byte string |
 * | 1 | ticket | `[VRF proof]`, or null |
 * | 2 | election proof | `[win count, VRF proof]`, or null |
 * | 3 | beacon entries | array of `[round, data]` |
 * | 4 | proofs of spacetime | array of `[registered proof, proof]` |
 * | 5 | parents | array of CIDs, those of the tipset before |
 * | 6 | parent weight | big integer: byte string of a sign (0 or 1) and the magnitude, big-endian; empty for zero |
 * | 7 | height | integer, the epoch |
 * | 8 | parent state root | CID of the state *before* the messages of this block |
 * | 9 | parent message receipts | CID of the AMT (version 0) of the receipts of the tipset before |
 * | 10 | messages | CID of `[BLS messages, secp256k1 messages]`; see `block-messages.ts` |
 * | 11 | BLS aggregate | signature, or null |
 * | 12 | timestamp | seconds since 1970 |
 * | 13 | block signature | signature, or null |
 * | 14 | fork signalling | integer, always 0 so far |
 * | 15 | parent base fee | big integer, attoFIL for one gas |
 *
 * Source: lotus chain/types/blockheader.go, cbor_gen.go.
 */
import type { CryptoProvider } from '@troupe/crypto'
import { CodedError } from '@troupe/crypto'
import {
  type Address,
  readAddress,
  readSignature,
  type Signature,
  type TokenAmount,
  writeAddress,
  writeSignature,
} from '@troupe/hypervisor'
import { CborReader, CborWriter, type Cid, cidOf, DAG_CBOR, IpldError } from '@troupe/ipld'
import { TroupeError } from '../errors.ts'

/** One value of the randomness beacon. */
export interface BeaconEntry {
  readonly round: bigint
  readonly data: Uint8Array
}

/** The proof that a miner may produce a block. */
export interface ElectionProof {
  readonly winCount: bigint
  readonly vrfProof: Uint8Array
}

/** A winning proof of spacetime. */
export interface HeaderProof {
  /** Number of the registered proof. */
  readonly type: bigint
  readonly proof: Uint8Array
}

/** The header of a block. */
export interface BlockHeader {
  readonly miner: Address
  /** VRF proof of the ticket: the chain's randomness. */
  readonly ticket: Uint8Array | undefined
  readonly electionProof: ElectionProof | undefined
  readonly beaconEntries: readonly BeaconEntry[]
  readonly proofs: readonly HeaderProof[]
  readonly parents: readonly Cid[]
  readonly parentWeight: bigint
  readonly height: bigint
  readonly parentStateRoot: Cid
  readonly parentMessageReceipts: Cid
  readonly messages: Cid
  readonly blsAggregate: Signature | undefined
  readonly timestamp: bigint
  readonly blockSignature: Signature | undefined
  readonly forkSignaling: bigint
  readonly parentBaseFee: TokenAmount
}

const FIELD_COUNT = 16
/** Beacon entries that a header may bring: far more than rounds in an epoch. Bound of the reference's decoder for any list. */
const MAX_LIST_LENGTH = 8192

/** The bytes of a header. */
export function encodeBlockHeader(header: BlockHeader): Uint8Array {
  const writer = new CborWriter(512).array(FIELD_COUNT)
  writeAddress(writer, header.miner)
  if (header.ticket === undefined) writer.null()
  else writer.array(1).bytes(header.ticket)
  const { electionProof } = header
  if (electionProof === undefined) writer.null()
  else writer.array(2).int(electionProof.winCount).bytes(electionProof.vrfProof)
  writer.array(header.beaconEntries.length)
  for (const { round, data } of header.beaconEntries) writer.array(2).uint(round).bytes(data)
  writer.array(header.proofs.length)
  for (const { type, proof } of header.proofs) writer.array(2).int(type).bytes(proof)
  writer.array(header.parents.length)
  for (const parent of header.parents) writer.cid(parent)
  writer.bigInt(header.parentWeight).int(header.height)
  writer.cid(header.parentStateRoot).cid(header.parentMessageReceipts).cid(header.messages)
  writeOptionalSignature(writer, header.blsAggregate)
  writer.uint(header.timestamp)
  writeOptionalSignature(writer, header.blockSignature)
  return writer.uint(header.forkSignaling).bigInt(header.parentBaseFee).finish()
}

/**
 * Reads a header.
 * @throws {TroupeError} block/malformed
 */
export function decodeBlockHeader(bytes: Uint8Array): BlockHeader {
  try {
    const reader = new CborReader(bytes)
    const header = readBlockHeader(reader)
    reader.end()
    return header
  } catch (cause) {
    if (!(cause instanceof CodedError)) throw cause
    throw new TroupeError('block/malformed', `this is no block header: ${cause.message}`, { cause })
  }
}

/** The name of a block: the CID of its header. */
export function blockCid(crypto: CryptoProvider, header: BlockHeader): Cid {
  return cidOf(crypto, DAG_CBOR, encodeBlockHeader(header))
}

function readBlockHeader(reader: CborReader): BlockHeader {
  reader.tuple(FIELD_COUNT)
  return {
    miner: readAddress(reader),
    ticket: reader.tryNull() ? undefined : readTicket(reader),
    electionProof: reader.tryNull() ? undefined : readElectionProof(reader),
    beaconEntries: readList(reader, () => {
      reader.tuple(2)
      return { round: reader.uint64(), data: reader.bytes().slice() }
    }),
    proofs: readList(reader, () => {
      reader.tuple(2)
      return { type: reader.int64(), proof: reader.bytes().slice() }
    }),
    parents: readList(reader, () => reader.cid()),
    parentWeight: reader.bigInt(),
    height: reader.int64(),
    parentStateRoot: reader.cid(),
    parentMessageReceipts: reader.cid(),
    messages: reader.cid(),
    blsAggregate: reader.tryNull() ? undefined : readSignature(reader),
    timestamp: reader.uint64(),
    blockSignature: reader.tryNull() ? undefined : readSignature(reader),
    forkSignaling: reader.uint64(),
    parentBaseFee: reader.bigInt(),
  }
}

function readTicket(reader: CborReader): Uint8Array {
  reader.tuple(1)
  return reader.bytes().slice()
}

function readElectionProof(reader: CborReader): ElectionProof {
  reader.tuple(2)
  return { winCount: reader.int64(), vrfProof: reader.bytes().slice() }
}

function readList<T>(reader: CborReader, read: () => T): T[] {
  const length = reader.array()
  if (length > MAX_LIST_LENGTH)
    throw new IpldError('cbor/out-of-range', `a list of ${length} items in a header`)
  return Array.from({ length }, read)
}

function writeOptionalSignature(writer: CborWriter, signature: Signature | undefined): void {
  if (signature === undefined) writer.null()
  else writeSignature(writer, signature)
}
