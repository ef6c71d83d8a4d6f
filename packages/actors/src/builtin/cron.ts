import { type Address, addressCodec, idAddress, SYSTEM_ACTOR_ID } from '@troupe/hypervisor'
import type { ValueCodec } from '@troupe/ipld'
import {
  arrayCodec,
  defineActor,
  method,
  type NativeActor,
  tupleCodec,
  u64Codec,
} from '@troupe/runtime-native'
import { ACTORS_VERSION } from './version.ts'

/** Method numbers of the cron actor. */
export const CronMethod = { CONSTRUCTOR: 1, EPOCH_TICK: 2 } as const

/** A method that is called at the end of every epoch. */
export interface CronEntry {
  receiver: Address
  method: bigint
}

/** The state of the cron actor (f03), and the parameters of its constructor. */
export interface CronState {
  entries: CronEntry[]
}

/** Shape: `[[[receiver, method number], ...]]`. */
export const cronStateCodec: ValueCodec<CronState> = tupleCodec({
  entries: arrayCodec(tupleCodec({ receiver: addressCodec, method: u64Codec })),
})

/**
 * The cron actor: once an epoch it calls what it was told to at its start, and takes no notice of failures.
 *
 * Source: builtin-actors v18 actors/cron/src/{lib,state}.rs.
 */
export const cronActor: NativeActor = defineActor({
  name: 'cron',
  version: ACTORS_VERSION,
  gas: { memoryPages: 17, entry: 40_300_000, failure: 9_000_000 },
  methods: {
    [CronMethod.CONSTRUCTOR]: method({
      name: 'Constructor',
      parameters: cronStateCodec,
      gas: { base: 31_200_000, perParameterByte: 374_000 },
      run: (context, state) => {
        context.requireCaller(idAddress(SYSTEM_ACTOR_ID))
        context.state.create(cronStateCodec, state)
      },
    }),
    [CronMethod.EPOCH_TICK]: method({
      name: 'EpochTick',
      gas: { base: 21_200_000, perStateByte: 371_000 },
      run: (context) => {
        context.requireCaller(idAddress(SYSTEM_ACTOR_ID))
        for (const { receiver, method: number } of context.state.read(cronStateCodec).entries) {
          const { error, exitCode } = context.send({ to: receiver, method: number })
          if (exitCode !== 0) context.log(`cron: an entry failed with ${exitCode ?? `error ${error}`}`)
        }
      },
    }),
  },
})
