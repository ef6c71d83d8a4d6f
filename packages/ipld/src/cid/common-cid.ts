/**
 * @module CIDs of the kind that almost all are: version 1, a codec of one byte, a blake2b-256 digest.
 *
 * A block of transfers makes some ten CIDs a message, and most are never asked for more than their bytes and their key. The library's own make a view of
 * the digest and one of the multihash for each, and the memory that views need, which is most of what the collector then finds. These make views when they are asked for.
 */
import { CID } from 'multiformats/cid'
import type { MultihashDigest } from 'multiformats/hashes/interface'

/** Multihash number of blake2b-256. */
export const BLAKE2B_256 = 0xb220
/** Bytes of a CID of this kind. */
export const COMMON_LENGTH = 38

const DIGEST_LENGTH = 32
const MULTIHASH_START = 2
const DIGEST_START = COMMON_LENGTH - DIGEST_LENGTH
/** What the library's constructor is given. It would ask for the memory behind the array, which arrays of up to 64 bytes have only once somebody does. */
const NO_BYTES = new Uint8Array()

/** A CID of {@link COMMON_LENGTH} bytes, which nobody has to check any more. */
export class CommonCid extends CID<unknown, number, typeof BLAKE2B_256, 1> {
  #key: string | undefined

  /** @param bytes the whole CID. Kept, and never written to */
  constructor(codec: number, bytes: Uint8Array) {
    super(1, codec, new CommonDigest(bytes), NO_BYTES as CID['bytes'])
    const own = this as { bytes: Uint8Array; '/': Uint8Array }
    own.bytes = bytes
    own['/'] = bytes
  }

  /** One character a byte: the key of maps, made once. */
  get key(): string {
    this.#key ??= String.fromCharCode.apply(null, this.bytes as unknown as number[])
    return this.#key
  }
}

/** The multihash of a {@link CommonCid}, by views of its bytes. */
class CommonDigest implements MultihashDigest<typeof BLAKE2B_256> {
  readonly #cid: Uint8Array<ArrayBuffer>

  constructor(cid: Uint8Array) {
    this.#cid = cid as Uint8Array<ArrayBuffer>
  }

  get code(): typeof BLAKE2B_256 {
    return BLAKE2B_256
  }

  get size(): number {
    return DIGEST_LENGTH
  }

  get digest(): Uint8Array<ArrayBuffer> {
    return this.#cid.subarray(DIGEST_START)
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#cid.subarray(MULTIHASH_START)
  }
}
