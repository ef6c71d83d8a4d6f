export { Amt, type AmtOptions, DEFAULT_AMT_BIT_WIDTH, MAX_AMT_BIT_WIDTH } from './amt/amt.ts'
export type { AmtChange } from './amt/amt-diff.ts'
export { type AmtIndex, MAX_AMT_INDEX } from './amt/amt-index.ts'
export { Bitfield, type BitRange, bitfieldCodec, MAX_BIT, MAX_BITFIELD_BYTES } from './bitfield/bitfield.ts'
export { type Blockstore, type EnumerableBlockstore, putAll } from './blockstore/blockstore.ts'
export { BufferedBlockstore, type FlushOptions } from './blockstore/buffered.ts'
export type { CacheCounts } from './blockstore/cache-counts.ts'
export { CborStore } from './blockstore/cbor-store.ts'
export { toInterfaceBlockstore } from './blockstore/interface-blockstore.ts'
export { MemoryBlockstore } from './blockstore/memory.ts'
export { NodeCache } from './blockstore/node-cache.ts'
export { reachableBlocks } from './blockstore/reachable.ts'
export { RecordingBlockstore } from './blockstore/recording.ts'
export { VerifyingBlockstore, verifyBlock } from './blockstore/verifying.ts'
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
export { compareMapKeys, decodeIpld, encodeIpld, type IpldValue, MAX_IPLD_VALUES } from './cbor/ipld-value.ts'
export { CborReader, MAX_BIG_INT_LENGTH } from './cbor/reader.ts'
export { type LinkFilter, type LinkScan, scanLinks } from './cbor/scan-links.ts'
export { decodeUtf8 } from './cbor/utf8.ts'
export { decodeValue, encodeValue, type ValueCodec } from './cbor/value-codec.ts'
export { CborWriter } from './cbor/writer.ts'
export {
  bytesKey,
  CBOR,
  type Cid,
  cidEquals,
  cidKey,
  cidOf,
  createCid,
  DAG_CBOR,
  DAG_PB,
  decodeCid,
  decodeCidAt,
  decodeCidPrefix,
  FIL_COMMITMENT_SEALED,
  FIL_COMMITMENT_UNSEALED,
  IDENTITY,
  isCid,
  MAX_DIGEST_LENGTH,
  parseCid,
  RAW,
  SHA2_256,
  SHA2_256_TRUNC254_PADDED,
} from './cid/cid.ts'
export { BLAKE2B_256 } from './cid/common-cid.ts'
export { IpldError, type IpldErrorCode, type IpldErrorOptions } from './errors.ts'
export { Kamt } from './kamt/kamt.ts'
export { fixedBytesKeys, type KamtKeys, u256Codec, u256Keys } from './kamt/kamt-keys.ts'
export type { KamtOptions } from './kamt/kamt-options.ts'
export type {
  ChainStore,
  Ref,
  RefChange,
  RefRange,
  StoreBatch,
  StoreStatistics,
} from './store/chain-store.ts'
export type { CollectOptions, CollectProgress, CollectReport } from './store/collect.ts'
export { MemoryStore } from './store/memory-store.ts'
