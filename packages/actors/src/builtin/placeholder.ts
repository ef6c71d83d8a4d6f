import { NO_BLOCK } from '@troupe/hypervisor'
import { describeActor, type NativeActor } from '@troupe/runtime-native'
import { ACTORS_VERSION } from './version.ts'

/**
 * The placeholder actor: it stands at an f4 address that nobody has made an actor for yet, and takes whatever is sent to it. It makes no syscall.
 *
 * Source: builtin-actors v18 actors/placeholder/src/lib.rs.
 */
export const placeholderActor: NativeActor = {
  name: 'placeholder',
  version: ACTORS_VERSION,
  gas: { memoryPages: 16, entry: 60_000, failure: 0 },
  methods: {},
  descriptor: describeActor('placeholder', ACTORS_VERSION),
  invoke: () => NO_BLOCK,
}
