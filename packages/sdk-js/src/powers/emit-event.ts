import { SdkError } from '../errors.ts'
import { askHost } from '../host/ask-host.ts'
import type { EventEntry, HostKernel } from '../host/host-kernel.ts'
import type { Passable } from '../values/passable.ts'
import { encodePassable, type RefCodec } from '../values/passable-codec.ts'

const CBOR = 0x51
const KEY_AND_VALUE_INDEXED = 3n
/** The entry that says what happened. Source: FIP-0083. */
const TYPE_KEY = '$type'

const NO_REFS: RefCodec = {
  encode: () => {
    throw new SdkError('value/not-passable', 'an event cannot have references')
  },
  decode: () => {
    throw new TypeError('nothing is decoded here')
  },
}

/** Emits an event whose values are CBOR, all of them indexed. @throws {SdkError} value/..., host/refused */
export function emitEvent(host: HostKernel, type: string, fields: Readonly<Record<string, Passable>>): void {
  const entries: EventEntry[] = [[TYPE_KEY, type] as const, ...Object.entries(fields)].map(
    ([key, value]) => ({
      flags: KEY_AND_VALUE_INDEXED,
      key,
      codec: CBOR,
      value: encodePassable(NO_REFS, value),
    }),
  )
  askHost('emitting an event', () => host.emitEvent(entries))
}
