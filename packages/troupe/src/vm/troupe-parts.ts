import type { Account } from '../accounts/account.ts'
import type { Chain, ChainOptions } from '../chain/chain.ts'
import type { PoolLimits } from '../pool/message-limits.ts'
import type { SourceMaps } from '../trace/source-maps.ts'
import type { MiningMode } from './mining.ts'
import type { Worker } from './steps.ts'

/** What a `Troupe` is made of. */
export interface TroupeParts {
  readonly chain: Chain
  readonly options: ChainOptions
  /** Does what reads the store. */
  readonly worker: Worker
  /** Where the repros of failed messages go. */
  readonly reproDirectory: string | undefined
  /** Of actors' code, for traces. Forks share them. */
  readonly sourceMaps: SourceMaps
  readonly accounts: readonly Account[]
  readonly mining: MiningMode
  readonly limits: PoolLimits
  readonly now: () => number
  readonly isWallClock: boolean
}
