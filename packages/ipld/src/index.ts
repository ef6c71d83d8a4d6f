export type { Blockstore } from './blockstore/blockstore.ts'
export {
  BLAKE2B_256,
  bytesKey,
  CBOR,
  type Cid,
  cidEquals,
  cidKey,
  cidOf,
  DAG_CBOR,
  decodeCid,
  decodeCidPrefix,
  FIL_COMMITMENT_SEALED,
  FIL_COMMITMENT_UNSEALED,
  IDENTITY,
  parseCid,
  RAW,
  SHA2_256,
} from './cid/cid.ts'
export { IpldError, type IpldErrorCode } from './errors.ts'
