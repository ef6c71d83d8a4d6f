import {
  NV28,
  type RuleSet,
  rulesOf,
  withMessageQueue,
  withReentrancyLocks,
  withUserActors,
} from '@troupe/hypervisor'
import { baseFeeRuleOf } from '../chain/base-fee.ts'
import type { ChainRules } from '../chain/chain-rules.ts'
import { transactionKindsOf } from '../ethereum/transaction-kinds.ts'

/** What kind of network a chain is. */
export type Network = ChainRules

/** 2026-01-01T00:00:00Z: local chains begin then, whenever they are made. */
const LOCAL_GENESIS = 1_767_225_600n
/** EIP-155 chain id of local chains, that of Filecoin's own development networks. */
const LOCAL_CHAIN_ID = 31_415_926n
/** Seconds between epochs, on all of Filecoin's networks. */
const EPOCH_SECONDS = 30n

function networkOf(rules: RuleSet, networkName: string): Network {
  return {
    rules,
    networkName,
    chainId: LOCAL_CHAIN_ID,
    genesisTimestamp: LOCAL_GENESIS,
    epochSeconds: EPOCH_SECONDS,
    baseFeeRule: baseFeeRuleOf(rules.networkVersion),
    transactionKinds: transactionKindsOf(rules.networkVersion),
  }
}

/**
 * The networks that there are without making one. Anything else is made of these: `{ ...networks.local, epochSeconds: 1n }`, or, where Ed25519 keys and actors
 * whose own code says which messages are theirs shall send messages too,
 *
 * ```ts
 * const rules = withAbstractAccounts(networks.local.rules, { namespaces: ED25519_NAMESPACES })
 * const vm = await createTroupe({ network: { ...networks.local, rules } })
 * ```
 */
export const networks: {
  /** Where one develops: the rules of Filecoin's newest network version, and besides them users may install code, and actors may lock themselves and leave messages to the end of the block. */
  readonly local: Network
  /**
   * The rules of a version of Filecoin's network, exactly, on a chain of your own.
   * @throws {HypervisorError} network/unsupported-version
   */
  readonly filecoin: (networkVersion: number) => Network
} = {
  local: networkOf(withMessageQueue(withReentrancyLocks(withUserActors(NV28))), 'local'),
  filecoin: (networkVersion) => networkOf(rulesOf(networkVersion), `local-nv${networkVersion}`),
}
