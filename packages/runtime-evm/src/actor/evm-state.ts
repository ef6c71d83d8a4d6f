import type { ActorId } from '@troupe/hypervisor'
import type { Cid, ValueCodec } from '@troupe/ipld'
import { cidCodec, fixedBytesCodec, optionalCodec, tupleCodec, u64Codec } from '@troupe/runtime-native'

/** A message, by who sent it and its sequence number: what ends with it is marked so. */
export interface Lifespan {
  origin: ActorId
  nonce: bigint
}

/** Transient storage, which is empty for every message but the one that wrote it. */
export interface TransientData {
  /** Root of a KAMT as that of {@link EvmState.contractState}. */
  state: Cid
  lifespan: Lifespan
}

/** What a contract keeps. */
export interface EvmState {
  /** A raw block, named by blake2b-256. */
  bytecode: Cid
  /** Keccak-256 of the bytecode. */
  bytecodeHash: Uint8Array
  /** Root of the KAMT of storage. */
  contractState: Cid
  transientData: TransientData | undefined
  /** Contracts that this one has tried to make, and one. */
  nonce: bigint
  /** The message in which the contract destroyed itself. Once that is over, there is no contract. */
  tombstone: Lifespan | undefined
}

/** Shape: `[origin, nonce]`. */
const lifespanCodec: ValueCodec<Lifespan> = tupleCodec({ origin: u64Codec, nonce: u64Codec })

/**
 * Shape: `[bytecode CID, keccak-256, storage CID, null or [transient CID, [origin, nonce]], nonce, null or [origin, nonce]]`.
 *
 * Source: builtin-actors v18 actors/evm/src/state.rs.
 */
export const evmStateCodec: ValueCodec<EvmState> = tupleCodec({
  bytecode: cidCodec,
  bytecodeHash: fixedBytesCodec(32),
  contractState: cidCodec,
  transientData: optionalCodec(tupleCodec({ state: cidCodec, lifespan: lifespanCodec })),
  nonce: u64Codec,
  tombstone: optionalCodec(lifespanCodec),
})

/** Whether two lifespans are those of one message. */
export function isSameLifespan(a: Lifespan, b: Lifespan): boolean {
  return a.nonce === b.nonce && a.origin === b.origin
}
