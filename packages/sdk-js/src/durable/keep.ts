import { mustMatch, type Pattern } from '@endo/patterns'
import { decodeValue, encodeValue, type ValueCodec } from '@troupe/ipld/cbor'
import { SdkError } from '../errors.ts'
import type { Passable } from '../values/passable.ts'

/**
 * A value as it is when it has been written and read: nobody has a hold of what is inside. It has to be of the kind that was declared.
 * @throws {SdkError} value/... for what no state can have; durable/refused for what this one has not
 */
export function keep(codec: ValueCodec<Passable>, value: Passable, pattern: Pattern, what: string): Passable {
  const kept = decodeValue(codec, encodeValue(codec, value))
  try {
    mustMatch(kept as never, pattern, what)
  } catch (cause) {
    throw new SdkError('durable/refused', cause instanceof Error ? cause.message : `${what} is refused`, {
      cause,
    })
  }
  return kept
}
