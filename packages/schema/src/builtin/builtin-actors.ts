import type { ActorInterface } from '../interfaces.ts'
import { MARKET } from './market.ts'
import { MINER } from './miner.ts'
import { POWER, VERIFIED_REGISTRY } from './power.ts'
import { CRON, DATACAP, EAM, INIT, REWARD, SYSTEM } from './singletons.ts'
import { ACCOUNT, ETHACCOUNT, EVM, MULTISIG, PAYMENT_CHANNEL, PLACEHOLDER } from './users.ts'

/**
 * The interfaces of Filecoin's built-in actors, by their names in the manifest: those of version 18, with the names of methods that there were before, and the fields
 * at the ends of states that older versions lack. Where a version has other fields in between, its values do not fit, or show under the names of version 18.
 */
export const BUILTIN_INTERFACES: readonly ActorInterface[] = [
  SYSTEM,
  INIT,
  CRON,
  ACCOUNT,
  POWER,
  MINER,
  MARKET,
  PAYMENT_CHANNEL,
  MULTISIG,
  REWARD,
  VERIFIED_REGISTRY,
  DATACAP,
  PLACEHOLDER,
  EVM,
  EAM,
  ETHACCOUNT,
]
