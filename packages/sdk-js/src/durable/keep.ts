import { M, mustMatch, type Pattern } from '@endo/patterns'
import { decodeValue, encodeValue, type ValueCodec } from '@troupe/ipld/cbor'
import { inPlace, SdkError } from '../errors.ts'
import type { Passable } from '../values/passable.ts'
import { isQuicklySo } from '../values/quick-match.ts'
import { isDeclared } from './durable.ts'

/** The one pattern that lets anything pass. */
const ANY: unknown = M.any()

/** Whether a value has nothing inside, and any one of its type can be kept. */
function isPlain(value: Passable): boolean {
  return value === null || typeof value === 'bigint' || typeof value === 'boolean'
}

/**
 * A value as it is when it has been written and read: nobody has a hold of what is inside. It has to be of the kind that was declared.
 * @throws {SdkError} value/... for what no state can have; durable/refused for what this one has not
 */
export function keep(codec: ValueCodec<Passable>, value: Passable, pattern: Pattern, what: string): Passable {
  const kept = isPlain(value) ? value : decodeValue(codec, encode(codec, value, what))
  match(kept, pattern, what)
  return kept
}

/** The same, as it is written. @throws {SdkError} as {@link keep} */
export function keepEncoded(
  codec: ValueCodec<Passable>,
  value: Passable,
  pattern: Pattern,
  what: string,
): Uint8Array {
  const item = encode(codec, value, what)
  // Numbers, texts and references are what they are; of all else, what was written counts.
  if (pattern !== ANY && !isQuicklySo(value, pattern)) match(decodeValue(codec, item), pattern, what)
  return item
}

function match(value: Passable, pattern: Pattern, what: string): void {
  if (pattern === ANY || isQuicklySo(value, pattern)) return
  try {
    mustMatch(value as never, pattern, what)
  } catch (cause) {
    throw new SdkError('durable/refused', cause instanceof Error ? cause.message : `${what} is refused`, {
      cause,
    })
  }
}

/** @throws {SdkError} value/... that says where */
function encode(codec: ValueCodec<Passable>, value: Passable, what: string): Uint8Array {
  if (isDeclared(value))
    throw new SdkError(
      'value/not-passable',
      `${what}: collections are declared in the state of the definition, and made nowhere else`,
    )
  return inPlace(what, () => encodeValue(codec, value))
}
