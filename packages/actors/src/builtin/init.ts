import { ETHEREUM_ADDRESS_MANAGER_ACTOR_ID, idAddress } from '@troupe/hypervisor'
import type { Cid } from '@troupe/ipld'
import type { ActorContext, NativeActor } from '@troupe/runtime-native'
import { defineInitActor } from './define-init.ts'
import { initStateCodec } from './init-types.ts'
import { ACTORS_VERSION } from './version.ts'

/** The init actor: it gives ids to addresses, and makes actors. */
export const initActor: NativeActor = defineInitActor({
  version: ACTORS_VERSION,
  stateCodec: initStateCodec,
  firstState: (_, state) => state,
  canExec: canExecBuiltin,
  admitToExec4: (context) => context.requireCaller(idAddress(ETHEREUM_ADDRESS_MANAGER_ACTOR_ID)),
})

/** Whether `Exec` makes an actor of built-in code: anyone may have a multisig or a payment channel, the power actor makes miners. */
export function canExecBuiltin(context: ActorContext, callerCode: Cid, code: Cid): boolean {
  const name = context.actors.builtin(code)
  if (name === 'storageminer') return context.actors.builtin(callerCode) === 'storagepower'
  return name === 'multisig' || name === 'paymentchannel'
}
