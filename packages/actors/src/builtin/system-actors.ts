import type { NativeActor } from '@troupe/runtime-native'
import { accountActor } from './account.ts'
import { cronActor } from './cron.ts'
import { eamActor } from './eam.ts'
import { ethaccountActor } from './ethaccount.ts'
import { initActor } from './init.ts'
import { placeholderActor } from './placeholder.ts'
import { rewardActor } from './reward.ts'
import { systemActor } from './system.ts'

/** The actors that a network cannot do without. */
export const SYSTEM_ACTORS: readonly NativeActor[] = [
  systemActor,
  initActor,
  cronActor,
  accountActor,
  rewardActor,
  placeholderActor,
  eamActor,
  ethaccountActor,
]
