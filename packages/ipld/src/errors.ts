import { CodedError } from '@troupe/crypto'
import type { Cid } from './cid/cid.ts'

/** Every code that this package throws. */
export type IpldErrorCode =
  // Blockstores
  | 'blockstore/unavailable'
  | 'blockstore/absent'
  | 'blockstore/busy'
  | 'blockstore/hash-mismatch'
  | 'blockstore/hash-unsupported'
  | 'blockstore/too-large'
  | 'blockstore/unflushable'
  | 'blockstore/unscannable'
  | 'blockstore/unsupported'
  // Stores of chains
  | 'store/bad-namespace'
  | 'store/busy'
  | 'store/closed'
  | 'store/full'
  | 'store/read-only'
  | 'store/too-large'
  // Witnesses
  | 'witness/absent-read'
  | 'witness/too-large'
  // CIDs
  | 'cid/malformed'
  // CBOR
  | 'cbor/malformed'
  | 'cbor/unexpected-type'
  | 'cbor/out-of-range'
  | 'cbor/trailing-bytes'
  | 'cbor/too-deep'
  // CAR
  | 'car/bad-header'
  | 'car/bad-varint'
  | 'car/bad-cid'
  | 'car/truncated'
  | 'car/too-large'
  | 'car/unsupported-version'
  // HAMT
  | 'hamt/bad-options'
  | 'hamt/bitfield-length'
  | 'hamt/bucket-order'
  | 'hamt/bucket-place'
  | 'hamt/bucket-size'
  | 'hamt/empty-node'
  | 'hamt/link-codec'
  | 'hamt/max-depth'
  | 'hamt/pointer-count'
  | 'hamt/pointer-kind'
  // AMT
  | 'amt/bad-options'
  | 'amt/bitmap-count'
  | 'amt/bitmap-length'
  | 'amt/count'
  | 'amt/empty-node'
  | 'amt/height'
  | 'amt/link-codec'
  | 'amt/links-and-values'
  | 'amt/out-of-range'
  | 'amt/wrong-node-kind'
  // KAMT
  | 'kamt/bad-key'
  | 'kamt/bad-options'
  | 'kamt/bitfield'
  | 'kamt/bucket'
  | 'kamt/empty-node'
  | 'kamt/extension'
  | 'kamt/link-codec'
  | 'kamt/max-depth'
  | 'kamt/pointer'
  | 'kamt/shallow-values'
  // Bitfield
  | 'bitfield/invalid-varint'
  | 'bitfield/not-minimal'
  | 'bitfield/out-of-range'
  | 'bitfield/overflow'
  | 'bitfield/too-large'
  | 'bitfield/unsupported-version'

/** What an error of this package may say besides. */
export interface IpldErrorOptions extends ErrorOptions {
  /** The block that it is about. */
  readonly cid?: Cid | undefined
}

/** What the data structures and codecs of this package throw for input that is not what it should be. */
export class IpldError extends CodedError<IpldErrorCode> {
  /** The block that it is about, where one is to blame: with `blockstore/unavailable` the one to fetch. */
  readonly cid: Cid | undefined

  constructor(code: IpldErrorCode, message: string, options?: IpldErrorOptions) {
    super(code, message, options)
    this.cid = options?.cid
  }
}
