import type { CryptoProvider } from '@troupe/crypto'
import {
  CborReader,
  CborStore,
  type CborWriter,
  type Cid,
  MemoryBlockstore,
  type ValueCodec,
} from '@troupe/ipld'
import { Amt } from '@troupe/ipld/amt'
import type { ActorId } from '../address/address.ts'

/** Bit width of the AMT of events. */
const EVENTS_BIT_WIDTH = 5

/** One key and value of an event. */
export interface EventEntry {
  /** Hints for indexers: bit 0 the key, bit 1 the value. */
  readonly flags: bigint
  readonly key: string
  readonly codec: bigint
  readonly value: Uint8Array
}

/** An event with the actor that emitted it. Shape: DAG-CBOR tuple `[emitter, [[flags, key, codec, value]...]]`. */
export interface StampedEvent {
  readonly emitter: ActorId
  readonly entries: readonly EventEntry[]
}

/**
 * Reads the entries of an event as an actor passes them: CBOR array of `[flags, key, codec, value]`.
 *
 * Any flags are accepted, as by the reference's decoder. Source: ref-fvm release/v3 shared/src/event/mod.rs.
 * @throws {IpldError}
 */
export function decodeEventEntries(bytes: Uint8Array): EventEntry[] {
  const reader = new CborReader(bytes)
  const entries = readEntries(reader)
  reader.end()
  return entries
}

/** Codec of {@link StampedEvent}. */
export const stampedEventCodec: ValueCodec<StampedEvent> = {
  encode: (writer: CborWriter, event: StampedEvent) => {
    writer.array(2).uint(event.emitter).array(event.entries.length)
    for (const { flags, key, codec, value } of event.entries)
      writer.array(4).uint(flags).text(key).uint(codec).bytes(value)
  },
  decode: (reader: CborReader): StampedEvent => {
    reader.tuple(2)
    return { emitter: reader.uint64(), entries: readEntries(reader) }
  },
}

function readEntries(reader: CborReader): EventEntry[] {
  const entries: EventEntry[] = []
  for (let rest = reader.array(); rest > 0; rest--) {
    reader.tuple(4)
    entries.push({
      flags: reader.uint64(),
      key: reader.text(),
      codec: reader.uint64(),
      value: reader.bytes().slice(),
    })
  }
  return entries
}

/** The events of one message: those of a call that fails are taken back with it. */
export class EventLog {
  readonly #events: StampedEvent[] = []

  get events(): readonly StampedEvent[] {
    return this.#events
  }

  append(event: StampedEvent): void {
    this.#events.push(event)
  }

  /** The point to which {@link rollback} returns. */
  get mark(): number {
    return this.#events.length
  }

  rollback(mark: number): void {
    this.#events.length = mark
  }

  /** Root of the AMT (bit width 5) of the events in their order, or `null` where there are none. Its blocks are not kept. */
  root(crypto: CryptoProvider): Cid | null {
    if (this.#events.length === 0) return null
    const store = new CborStore(new MemoryBlockstore(), crypto)
    const amt = Amt.create(store, { bitWidth: EVENTS_BIT_WIDTH, value: stampedEventCodec })
    this.#events.forEach((event, index) => {
      amt.set(index, event)
    })
    return amt.flush()
  }
}
