export type { Blockstore } from './blockstore/blockstore.ts'
export { CborStore } from './blockstore/cbor-store.ts'
export { MemoryBlockstore } from './blockstore/memory.ts'
export { NodeCache } from './blockstore/node-cache.ts'
export {
  type CborReaderOptions,
  MAJOR_ARRAY,
  MAJOR_BYTES,
  MAJOR_MAP,
  MAJOR_NEGATIVE,
  MAJOR_SIMPLE,
  MAJOR_TAG,
  MAJOR_TEXT,
  MAJOR_UNSIGNED,
  MAX_CBOR_DEPTH,
} from './cbor/cursor.ts'
export { CborReader, MAX_BIG_INT_LENGTH } from './cbor/reader.ts'
export { decodeValue, encodeValue, type ValueCodec } from './cbor/value-codec.ts'
export { CborWriter } from './cbor/writer.ts'
export {
  BLAKE2B_256,
  bytesKey,
  CBOR,
  type Cid,
  cidEquals,
  cidKey,
  cidOf,
  DAG_CBOR,
  DAG_PB,
  decodeCid,
  decodeCidAt,
  decodeCidPrefix,
  FIL_COMMITMENT_SEALED,
  FIL_COMMITMENT_UNSEALED,
  IDENTITY,
  MAX_DIGEST_LENGTH,
  parseCid,
  RAW,
  SHA2_256,
} from './cid/cid.ts'
export { IpldError, type IpldErrorCode } from './errors.ts'
