import { ETHEREUM_ADDRESS_MANAGER_ACTOR_ID, ExitCode, idAddress, SYSTEM_ACTOR_ID } from '@troupe/hypervisor'
import { acceptExportedMethods, defineActor, fail, method, type NativeActor } from '@troupe/runtime-native'
import { ACTORS_VERSION } from './version.ts'

/**
 * The Ethereum account actor: what a placeholder becomes by its first message. Nobody calls its constructor.
 *
 * Source: builtin-actors v18 actors/ethaccount/src/lib.rs.
 */
export const ethaccountActor: NativeActor = defineActor({
  name: 'ethaccount',
  version: ACTORS_VERSION,
  gas: { memoryPages: 17, entry: 43_300_000, failure: 9_300_000 },
  fallback: acceptExportedMethods,
  methods: {
    1: method({
      name: 'Constructor',
      gas: { base: 10_200_000 },
      run: (context) => {
        context.requireCaller(idAddress(SYSTEM_ACTOR_ID))
        const address = context.actors.delegatedAddress(context.message.receiver)
        if (address?.namespace !== ETHEREUM_ADDRESS_MANAGER_ACTOR_ID)
          fail(ExitCode.USR_ILLEGAL_ARGUMENT, 'an Ethereum account must have an f410 address')
      },
    }),
  },
})
