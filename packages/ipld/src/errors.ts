import { CodedError } from '@troupe/crypto'

/** Every code that this package throws. */
export type IpldErrorCode =
  | 'blockstore/unavailable'
  | 'blockstore/absent'
  | 'blockstore/hash-mismatch'
  | 'cid/malformed'
  | 'cbor/malformed'
  | 'cbor/unexpected-type'
  | 'cbor/out-of-range'
  | 'cbor/trailing-bytes'

/** What the data structures and codecs of this package throw for input that is not what it should be. */
export class IpldError extends CodedError<IpldErrorCode> {}
