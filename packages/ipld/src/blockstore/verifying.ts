import type { CryptoProvider } from '@troupe/crypto'
import { type Cid, IDENTITY, SHA2_256 } from '../cid/cid.ts'
import { BLAKE2B_256 } from '../cid/common-cid.ts'
import { IpldError } from '../errors.ts'
import type { Blockstore } from './blockstore.ts'

/**
 * Makes sure that a block is what its CID says: identity, sha2-256 or blake2b-256.
 * @throws {IpldError} blockstore/hash-mismatch; blockstore/hash-unsupported where the CID has another hash function
 */
export function verifyBlock(crypto: CryptoProvider, cid: Cid, bytes: Uint8Array): void {
  const { code, size } = cid.multihash
  const hash = hashOf(crypto, cid, code, bytes)
  if (size !== hash.length || !endsWith(cid.bytes, hash))
    throw new IpldError('blockstore/hash-mismatch', `these ${bytes.length} bytes are not the block ${cid}`)
}

/** Checks every block against its CID, on the way in and on the way out. */
export class VerifyingBlockstore implements Blockstore {
  readonly base: Blockstore
  private readonly crypto: CryptoProvider

  constructor(base: Blockstore, crypto: CryptoProvider) {
    this.base = base
    this.crypto = crypto
  }

  /** @throws {IpldError} blockstore/hash-mismatch, blockstore/hash-unsupported, blockstore/unavailable */
  get(cid: Cid): Uint8Array | undefined {
    const bytes = this.base.get(cid)
    if (bytes !== undefined) verifyBlock(this.crypto, cid, bytes)
    return bytes
  }

  has(cid: Cid): boolean {
    return this.base.has(cid)
  }

  /** @throws {IpldError} blockstore/hash-mismatch, blockstore/hash-unsupported */
  put(cid: Cid, bytes: Uint8Array): void {
    verifyBlock(this.crypto, cid, bytes)
    this.base.put(cid, bytes)
  }
}

function hashOf(crypto: CryptoProvider, cid: Cid, code: number, bytes: Uint8Array): Uint8Array {
  switch (code) {
    case IDENTITY:
      return bytes
    case SHA2_256:
      return crypto.sha256(bytes)
    case BLAKE2B_256:
      return crypto.blake2b(bytes, 32)
    default:
      throw new IpldError(
        'blockstore/hash-unsupported',
        `${cid} has the hash function 0x${code.toString(16)}`,
      )
  }
}

/** Whether a CID, whose digest is its end, ends with these bytes. To ask it for the digest would make a view of it. */
function endsWith(cid: Uint8Array, end: Uint8Array): boolean {
  const start = cid.length - end.length
  for (let i = 0; i < end.length; i++) if (cid[start + i] !== end[i]) return false
  return true
}
