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
} from './cursor.ts'
export { compareMapKeys, decodeIpld, encodeIpld, type IpldValue, MAX_IPLD_VALUES } from './ipld-value.ts'
export { CborReader, MAX_BIG_INT_LENGTH } from './reader.ts'
export { type LinkFilter, type LinkScan, scanLinks } from './scan-links.ts'
export { decodeValue, encodeValue, type ValueCodec } from './value-codec.ts'
export { CborWriter } from './writer.ts'
