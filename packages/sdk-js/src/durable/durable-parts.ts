import type { Pattern } from '@endo/patterns'
import type { ValueCodec } from '@troupe/ipld/cbor'
import type { Passable } from '../values/passable.ts'

/** What a collection of an actor's state is made of. */
export interface DurableParts {
  readonly codec: ValueCodec<Passable>
  /** The bytes of a key that is only looked for; `undefined` where no collection of the actor can have it, because it has a reference that is not in the state. */
  readonly lookup: (key: Passable) => Uint8Array | undefined
  /** What its keys have to be. */
  readonly key: Pattern
  /** What its values have to be. */
  readonly value: Pattern
}
