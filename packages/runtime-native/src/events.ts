import { EVENT_ENTRY } from '@troupe/hypervisor'
import { CBOR, encodeValue, type ValueCodec } from '@troupe/ipld'

/** One entry of an event. */
export interface ActorEventEntry {
  /** Bit 0: the key is indexed; bit 1: the value is. */
  readonly flags: bigint
  readonly key: string
  readonly codec: number
  readonly value: Uint8Array
}

/** The entries of an event, in order. */
export type ActorEvent = readonly ActorEventEntry[]

const INDEXED_KEY = 1n
const INDEXED_ALL = 3n

const textCodec: ValueCodec<string> = {
  encode: (writer, text) => void writer.text(text),
  decode: (reader) => reader.text(),
}

/**
 * Puts together an event of CBOR values, its type first.
 *
 * Source: builtin-actors v18 runtime/src/util/events.rs.
 */
export class EventBuilder {
  readonly #entries: ActorEventEntry[] = []

  /** @param type value of the entry `$type` */
  constructor(type: string) {
    this.fieldIndexed('$type', textCodec, type)
  }

  /** Adds an entry whose key is indexed. */
  field<T>(key: string, codec: ValueCodec<T>, value: T): this {
    return this.#push(INDEXED_KEY, key, encodeValue(codec, value))
  }

  /** Adds an entry whose key and value are indexed. */
  fieldIndexed<T>(key: string, codec: ValueCodec<T>, value: T): this {
    return this.#push(INDEXED_ALL, key, encodeValue(codec, value))
  }

  /** The event. */
  build(): ActorEvent {
    return [...this.#entries]
  }

  #push(flags: bigint, key: string, value: Uint8Array): this {
    this.#entries.push({ flags, key, codec: CBOR, value })
    return this
  }
}

/** An event in the three buffers that the kernel takes. */
export interface EncodedEvent {
  /** `EventEntry` structs. */
  readonly headers: Uint8Array
  readonly keys: Uint8Array
  readonly values: Uint8Array
}

const TEXT = new TextEncoder()

/** Encodes an event. Source: ref-fvm sdk/src/event.rs. */
export function encodeEvent(event: ActorEvent): EncodedEvent {
  const keys = event.map(({ key }) => TEXT.encode(key))
  const headers = new Uint8Array(event.length * EVENT_ENTRY.size)
  const view = new DataView(headers.buffer)
  event.forEach(({ flags, codec, value }, index) => {
    const at = index * EVENT_ENTRY.size
    view.setBigUint64(at, flags, true)
    view.setBigUint64(at + 8, BigInt(codec), true)
    view.setUint32(at + 16, (keys[index] as Uint8Array).length, true)
    view.setUint32(at + 20, value.length, true)
  })
  return { headers, keys: concatenate(keys), values: concatenate(event.map(({ value }) => value)) }
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
