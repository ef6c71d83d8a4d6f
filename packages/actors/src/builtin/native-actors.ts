import type { NativeActor } from '@troupe/runtime-native'
import { datacapActor } from '../datacap/actor.ts'
import { MESSAGE_QUEUE_ACTORS } from '../message-queue/actor.ts'
import { multisigActor } from '../multisig/actor.ts'
import { paymentChannelActor } from '../payment-channel/actor.ts'
import { ED25519_ACTORS } from './ed25519.ts'
import { SYSTEM_ACTORS } from './system-actors.ts'
import { userInitActor } from './user-init.ts'

/** All built-in actors that are written in TypeScript: those of the system, and those that users have the init actor make. */
export const NATIVE_ACTORS: readonly NativeActor[] = [
  ...SYSTEM_ACTORS,
  multisigActor,
  paymentChannelActor,
  datacapActor,
]

/** Besides {@link NATIVE_ACTORS}, those that only networks of one's own have: what a runtime is given that may meet the state of any. */
export const KNOWN_ACTORS: readonly NativeActor[] = [
  ...NATIVE_ACTORS,
  userInitActor,
  ...ED25519_ACTORS,
  ...MESSAGE_QUEUE_ACTORS,
]
