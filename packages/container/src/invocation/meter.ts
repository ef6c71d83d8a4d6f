import type { GasTracker, MemoryBudget, RuleSet } from '@troupe/hypervisor'

/** What code runs on the account of: gas and memory, under the rules. A kernel is one. */
export interface Meter {
  readonly rules: RuleSet
  readonly gas: GasTracker
  readonly memory: MemoryBudget
}
