import type { CryptoProvider } from '@troupe/crypto'
import {
  type Blockstore,
  CborReader,
  CborStore,
  type CborWriter,
  type Cid,
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

/** The events of a message as the chain keeps them. */
export interface EventTree {
  readonly root: Cid | null
  readonly blocks: readonly (readonly [Cid, Uint8Array])[]
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

  /** The AMT (bit width 5) of the events in their order: its root, or `null` where there are none, and its blocks, children before parents. */
  tree(crypto: CryptoProvider): EventTree {
    if (this.#events.length === 0) return { root: null, blocks: [] }
    const blocks: [Cid, Uint8Array][] = []
    const recorder: Blockstore = {
      get: () => undefined,
      has: () => false,
      put: (cid, bytes) => void blocks.push([cid, bytes]),
    }
    const amt = Amt.create(new CborStore(recorder, crypto), {
      ...{ bitWidth: EVENTS_BIT_WIDTH, value: stampedEventCodec },
    })
    this.#events.forEach((event, index) => {
      amt.set(index, event)
    })
    return { root: amt.flush(), blocks }
  }
}
