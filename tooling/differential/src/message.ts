import type { ActorId, Address, TokenAmount } from '@troupe/hypervisor'
import type { CborStore, Cid } from '@troupe/ipld'

/** A message that is played on both sides. */
export interface StagedMessage {
  /** What it is, for people. */
  readonly label: string
  readonly from: Address
  readonly to: Address
  readonly method: bigint
  readonly value: TokenAmount
  readonly gasLimit: bigint
  /** The parameters, given the codes of the side. */
  params(codeOf: (name: string) => Cid): Uint8Array
}

/** An actor that is put into the first state. */
export interface StagedActor {
  readonly id: ActorId
  /** A name in the manifest, or a code of one's own. */
  readonly code: string | Cid
  readonly head: (store: CborStore) => Cid
  readonly balance?: TokenAmount
  readonly delegatedAddress?: Address
}
