import type { RuleSet } from '@troupe/hypervisor'
import type { TransactionKind } from '../ethereum/transaction.ts'
import type { BaseFeeRule } from './base-fee.ts'

/** What a chain is: the same for all of its blocks. */
export interface ChainRules {
  /** The rules that messages are executed under. */
  readonly rules: RuleSet
  /** Name of the network, as the init actor's state has it. */
  readonly networkName: string
  /** EIP-155 chain id. */
  readonly chainId: bigint
  /** Seconds since 1970, at epoch 0. */
  readonly genesisTimestamp: bigint
  /** Seconds between two epochs. */
  readonly epochSeconds: bigint
  readonly baseFeeRule: BaseFeeRule
  /** The kinds of Ethereum transaction that may come as messages. */
  readonly transactionKinds: readonly TransactionKind[]
}

/** The time at an epoch, in seconds since 1970. */
export function timestampOf({ genesisTimestamp, epochSeconds }: ChainRules, epoch: bigint): bigint {
  return genesisTimestamp + epoch * epochSeconds
}
