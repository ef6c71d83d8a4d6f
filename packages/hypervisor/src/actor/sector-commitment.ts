import { type Cid, createCid, FIL_COMMITMENT_UNSEALED, SHA2_256_TRUNC254_PADDED } from '@troupe/ipld'
import { HypervisorError } from '../errors.ts'

/** Bytes of a commitment. */
const COMMITMENT_LENGTH = 32

/**
 * The CID of a data commitment (CommD, or that of one piece).
 *
 * Shape: CIDv1, codec 0xf101 (fil-commitment-unsealed), multihash 0x1012 (sha2-256-trunc254-padded), 32 bytes. Source: ref-fvm release/v3 shared/src/commcid.rs.
 */
export function dataCommitmentCid(commitment: Uint8Array): Cid {
  return createCid(FIL_COMMITMENT_UNSEALED, SHA2_256_TRUNC254_PADDED, commitment)
}

/** The commitment that a CID stands for. @throws {HypervisorError} proof-input/malformed where it is no data commitment's */
export function dataCommitmentOf(cid: Cid): Uint8Array {
  const { code, multihash } = cid
  if (
    code !== FIL_COMMITMENT_UNSEALED ||
    multihash.code !== SHA2_256_TRUNC254_PADDED ||
    multihash.digest.length !== COMMITMENT_LENGTH
  )
    throw new HypervisorError('proof-input/malformed', `${cid} is not the CID of a data commitment`)
  return multihash.digest
}
