import type { Method } from '../method.ts'
import { CHEAT_METHODS } from './cheats.ts'
import { DEBUG_TRACE_METHODS } from './debug-traces.ts'
import { DEVELOPMENT_METHODS } from './development.ts'
import { ACCOUNT_METHODS } from './eth-accounts.ts'
import { BLOCK_METHODS } from './eth-blocks.ts'
import { CALL_METHODS } from './eth-call.ts'
import { CHAIN_METHODS } from './eth-chain.ts'
import { FEE_METHODS } from './eth-fees.ts'
import { LOG_METHODS } from './eth-logs.ts'
import { STATE_METHODS } from './eth-state.ts'
import { SUBSCRIPTION_METHODS } from './eth-subscriptions.ts'
import { FILECOIN_CHAIN_METHODS } from './filecoin-chain.ts'
import { FILECOIN_ETHEREUM_METHODS, filecoinAliases } from './filecoin-ethereum.ts'
import { FILECOIN_MESSAGE_METHODS } from './filecoin-messages.ts'
import { FILECOIN_STATE_METHODS } from './filecoin-state.ts'
import { FLAT_TRACE_METHODS } from './flat-traces.ts'
import { REFUSED_METHODS } from './refused.ts'
import { TROUPE_METHODS } from './troupe.ts'
import { POOL_METHODS } from './txpool.ts'

const ALL: readonly Method[] = [
  ...CHAIN_METHODS,
  ...ACCOUNT_METHODS,
  ...BLOCK_METHODS,
  ...STATE_METHODS,
  ...CALL_METHODS,
  ...FEE_METHODS,
  ...LOG_METHODS,
  ...SUBSCRIPTION_METHODS,
  ...DEBUG_TRACE_METHODS,
  ...FLAT_TRACE_METHODS,
  ...POOL_METHODS,
  ...DEVELOPMENT_METHODS,
  ...CHEAT_METHODS,
  ...TROUPE_METHODS,
  ...REFUSED_METHODS,
  ...FILECOIN_CHAIN_METHODS,
  ...FILECOIN_STATE_METHODS,
  ...FILECOIN_MESSAGE_METHODS,
  ...FILECOIN_ETHEREUM_METHODS,
]

/** Every method, by name. */
export const METHODS: ReadonlyMap<string, Method> = new Map(
  [...ALL, ...filecoinAliases(ALL)].map((method) => [method.name, method]),
)
