import {
  type ActorId,
  BURNT_FUNDS_ACTOR_ID,
  type DebugOutput,
  type Externs,
  Machine,
  type ProofVerifier,
  REWARD_ACTOR_ID,
  type RequiredFidelity,
  type Runtime,
  StateTree,
  type TokenAmount,
} from '@troupe/hypervisor'
import type { CborStore, Cid } from '@troupe/ipld'
import { type ChainRules, timestampOf } from './chain-rules.ts'

/** What all machines of a chain have in common. */
export interface MachineParts {
  readonly rules: ChainRules
  readonly runtimes: readonly Runtime[]
  readonly externs: Externs
  readonly proofs: ProofVerifier | undefined
  readonly debug: DebugOutput | undefined
  /** How good results have to be. Default: it is enough that they say so. */
  readonly requireFidelity?: RequiredFidelity | undefined
}

/** All FIL that there will ever be. */
const TOTAL_SUPPLY: TokenAmount = 2_000_000_000n * 10n ** 18n

/** A machine of a chain, on the state under `root`, at an epoch. Its state is flushed to `blocks`. */
export function openMachine(
  blocks: CborStore,
  { debug, externs, proofs, requireFidelity, rules, runtimes }: MachineParts,
  root: Cid,
  epoch: bigint,
  baseFee: TokenAmount,
  timestamp: bigint = timestampOf(rules, epoch),
): Machine {
  return Machine.create({
    rules: rules.rules,
    context: {
      epoch,
      timestamp,
      baseFee,
      circulatingSupply: circulatingSupply(StateTree.load(blocks, root, rules.rules)),
      chainId: rules.chainId,
    },
    requireFidelity,
    ...{ root, externs, runtimes, crypto: blocks.crypto, blocks: blocks.blocks, nodes: blocks.nodes },
    ...(proofs === undefined ? {} : { proofs }),
    ...(debug === undefined ? {} : { debug }),
  })
}

/**
 * FIL in circulation: all there will be, but for what the reward actor still holds and what is burnt.
 *
 * Differs: Filecoin's nodes take away what is locked as collateral and what has not vested too; a local chain has neither.
 */
function circulatingSupply(state: StateTree): TokenAmount {
  const held = (id: ActorId): TokenAmount => state.getActor(id)?.balance ?? 0n
  const supply = TOTAL_SUPPLY - held(REWARD_ACTOR_ID) - held(BURNT_FUNDS_ACTOR_ID)
  return supply < 0n ? 0n : supply
}
