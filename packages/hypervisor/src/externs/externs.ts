/** @module What a machine asks of the node around it. Everything here must be a function of the chain, or replicas diverge. */
import type { Cid } from '@troupe/ipld'
import type { ActorId } from '../address/address.ts'
import type { Fidelity } from '../trace/fidelity.ts'

/** Numbers of consensus faults, as actors see them; 0 is none. */
export type ConsensusFaultType = 1 | 2 | 3

/** A proven consensus fault: 1 double-fork mining, 2 parent grinding, 3 time offset. */
export interface ConsensusFault {
  readonly target: ActorId
  readonly epoch: bigint
  readonly type: ConsensusFaultType
}

/**
 * The node's answers. A method that has no answer for these arguments throws {@link ExternRefusal}, which becomes part of the message's
 * outcome; anything else that it throws is a host failure, and makes no receipt.
 */
export interface Externs {
  readonly fidelity: Fidelity
  /** 32 bytes of randomness from the ticket chain, of a past epoch. */
  chainRandomness(epoch: bigint): Uint8Array
  /** 32 bytes of randomness from the beacon, of a past epoch. */
  beaconRandomness(epoch: bigint): Uint8Array
  /** CID of the tipset at a past epoch. */
  tipsetCid(epoch: bigint): Cid
  /** Whether two block headers (and a third for parent grinding) prove a fault, and the gas (not milligas) of finding out. */
  verifyConsensusFault(
    header1: Uint8Array,
    header2: Uint8Array,
    extra: Uint8Array,
  ): { readonly fault: ConsensusFault | undefined; readonly gasUsed: number }
}

/** An extern's answer that there is none, on every node alike: actors see it as an illegal argument. */
export class ExternRefusal extends Error {
  override readonly name = 'ExternRefusal'
}
