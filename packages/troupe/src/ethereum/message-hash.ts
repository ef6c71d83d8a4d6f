/** @module How Ethereum's tools call messages: every message has a hash, as it has a CID. */
import type { CryptoProvider } from '@troupe/crypto'
import { SignatureType } from '@troupe/hypervisor'
import { BLAKE2B_256, type Cid, createCid, DAG_CBOR } from '@troupe/ipld'
import type { BlockMessage } from '../chain/block-message.ts'
import { TroupeError } from '../errors.ts'
import { transactionHash } from './transaction.ts'
import { toTransaction } from './transaction-message.ts'

/**
 * The hash of a message, 32 bytes: of the transaction that it was made from, where it has a delegated signature and was made from one; otherwise the digest of its
 * CID.
 * Source: lotus node/impl/eth/utils.go `ethTxHashFromSignedMessage`.
 * @param cid the message's own name
 */
export function messageHash(
  crypto: CryptoProvider,
  { message, signature }: BlockMessage,
  cid: Cid,
  chainId: bigint,
): Uint8Array {
  if (signature?.type !== SignatureType.DELEGATED) return cid.multihash.digest
  try {
    return transactionHash(crypto, toTransaction({ message, signature }, chainId))
  } catch (error) {
    // An account whose own code judges signatures has other ones.
    if (error instanceof TroupeError && error.code.startsWith('message/')) return cid.multihash.digest
    throw error
  }
}

/** The CID whose digest a hash is. */
export function cidOfHash(hash: Uint8Array): Cid {
  return createCid(DAG_CBOR, BLAKE2B_256, hash)
}
