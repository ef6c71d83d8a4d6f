import type { NativeActor } from '@troupe/runtime-native'
import { datacapActor } from '../datacap/actor.ts'
import { multisigActor } from '../multisig/actor.ts'
import { paymentChannelActor } from '../payment-channel/actor.ts'
import { SYSTEM_ACTORS } from './system-actors.ts'

/** All built-in actors that are written in TypeScript: those of the system, and those that users have the init actor make. */
export const NATIVE_ACTORS: readonly NativeActor[] = [
  ...SYSTEM_ACTORS,
  multisigActor,
  paymentChannelActor,
  datacapActor,
]
