import type { Troupe } from 'troupe'
import type { RpcLimits } from './limits.ts'
import type { Hex } from './text/hex.ts'

/** What methods work with. */
export interface RpcHost {
  readonly vm: Troupe
  readonly limits: RpcLimits
  /** What `web3_clientVersion` says. */
  readonly clientVersion: string
  /** Milliseconds since some moment, for what expires. */
  readonly now: () => number
  /** A new name for a filter or a subscription, which nobody guesses. */
  readonly newId: () => Hex
}
