import { idAddress, SYSTEM_ACTOR_ID } from '@troupe/hypervisor'
import type { Cid } from '@troupe/ipld'
import { CborWriter, DAG_CBOR, type ValueCodec } from '@troupe/ipld'
import { cidCodec, defineActor, method, type NativeActor, tupleCodec } from '@troupe/runtime-native'
import { ACTORS_VERSION } from './version.ts'

/** The state of the system actor (f00). */
export interface SystemState {
  /** The list of built-in actors: `[[name, code CID], ...]`. */
  builtinActors: Cid
}

/** Shape: `[list of built-in actors]`. */
export const systemStateCodec: ValueCodec<SystemState> = tupleCodec({ builtinActors: cidCodec })

/** The system actor: it sends what nobody signs, and keeps the list of built-in actors. Source: builtin-actors v18 actors/system/src/lib.rs. */
export const systemActor: NativeActor = defineActor({
  name: 'system',
  version: ACTORS_VERSION,
  gas: { memoryPages: 17, entry: 39_500_000, failure: 9_000_000 },
  methods: {
    1: method({
      name: 'Constructor',
      gas: { base: 41_100_000 },
      run: (context) => {
        context.requireCaller(idAddress(SYSTEM_ACTOR_ID))
        const builtinActors = context.state.blocks.add(DAG_CBOR, new CborWriter().array(0).finish())
        context.state.create(systemStateCodec, { builtinActors })
      },
    }),
  },
})
