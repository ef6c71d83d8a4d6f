/** @module One message of a block: where it stands, and what the block stores of it. */
import type { CryptoProvider } from '@troupe/crypto'
import {
  encodeMessage,
  encodeSignedMessage,
  type Message,
  type RequiredFidelity,
  SignatureType,
  type SignedMessage,
} from '@troupe/hypervisor'
import { type Cid, cidOf, DAG_CBOR } from '@troupe/ipld'

/**
 * A message as a block carries it. One without a signature stands among the BLS messages, whose signatures a block keeps only as one aggregate; or, where it
 * is impersonated, among those that are executed although their senders cannot send messages (`ExecuteOptions.impersonate`).
 */
export type BlockMessage = { readonly message: Message } & (
  | { readonly signature?: SignedMessage['signature'] | undefined; readonly isImpersonated?: false }
  | { readonly signature?: undefined; readonly isImpersonated: boolean }
)

/** Which of the lists of a block a message stands in, as its place in their order. */
export function listOfMessage({ isImpersonated, signature }: BlockMessage): 0 | 1 | 2 {
  if (isImpersonated === true) return 2
  return signature === undefined || signature.type === SignatureType.BLS ? 0 : 1
}

/** What the code of an abstract account is given of a signature: the data of a delegated one. */
export function delegatedData({ signature }: BlockMessage): Uint8Array | undefined {
  return signature?.type === SignatureType.DELEGATED ? signature.data : undefined
}

/**
 * A message with the bytes that a block stores of it, and the name that they give it. From the pool into its block a message is asked for both five times, and each
 * time they would take as long as the execution of a transfer (4 µs).
 */
export type EncodedMessage = BlockMessage & {
  /** What the chain stores: with the signature, but for a BLS one. Made by {@link encodeBlockMessage}. */
  readonly bytes: Uint8Array
  /** The CID of `bytes`. */
  readonly cid: Cid
  /** How good its result has to be, where whoever sends it wants more than the chain does. Blocks do not say so. */
  readonly requireFidelity?: RequiredFidelity | undefined
}

/** A message with the name that Ethereum's tools have for it. */
export type HashedMessage = EncodedMessage & {
  /** 32 bytes; see `messageHash`. */
  readonly hash: Uint8Array
}

/** The bytes that a block stores of a message. */
export function encodeBlockMessage({ message, signature }: BlockMessage): Uint8Array {
  return signature === undefined || signature.type === SignatureType.BLS
    ? encodeMessage(message)
    : encodeSignedMessage({ message, signature })
}

/** The messages of a block that is about to be made, in the order in which they are executed. */
export function inEncodedOrder(
  crypto: CryptoProvider,
  messages: readonly (BlockMessage | EncodedMessage)[],
): EncodedMessage[] {
  // The sort is stable: within a list the order stays.
  return messages
    .map((entry) => {
      if ('bytes' in entry) return entry
      const bytes = encodeBlockMessage(entry)
      return { ...entry, bytes, cid: cidOf(crypto, DAG_CBOR, bytes) }
    })
    .sort((a, b) => listOfMessage(a) - listOfMessage(b))
}
