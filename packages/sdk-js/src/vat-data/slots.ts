import { makeTagged, passStyleOf } from '@endo/pass-style'
import { harden, isRef, type Passable, SdkError } from '@troupe/sdk-js'
import { type RecordCodec, Records } from './records.ts'

/** What an object that lasts is known by: what it is (a letter), and which. */
export type Slot = readonly string[]

/** Makes an object again of what it is known by, behind the letter. */
export type Revive = (...parts: string[]) => object

/** What no value of its own form has in a record: an object, `undefined`, and such. */
const MARK = '$'
/** The record of how many names there are. */
const COUNT = '["n"]'

/**
 * The objects of a vat that last. Each has a slot, and, while code runs, one object: the module's are there for good, and of what is in the state objects are made when somebody asks.
 *
 * *Shape* of values in records: themselves, but `{"$": slot}` for objects, `{"$": "undefined"}`, `{"$": "number", "text": "NaN"}` for numbers that no float in CBOR is, `{"$": "tagged", "tag": tag, "payload": value}`, and
 * `{"$": "record", "entries": [[key, value]]}` for a record that has such a key.
 */
export class Slots implements RecordCodec {
  /** Where the state of the objects is. */
  readonly records: Records = new Records(this)
  readonly #slots = new WeakMap<object, Slot>()
  readonly #objects = new Map<string, object>()
  readonly #revive = new Map<string, Revive>()
  readonly #counts = new Map<string, number>()

  /** Says how objects of a letter are made again. */
  define(letter: string, revive: Revive): void {
    this.#revive.set(letter, revive)
  }

  /** Notes that an object has a slot. */
  register<T extends object>(object: T, slot: Slot): T {
    this.#slots.set(object, slot)
    this.#objects.set(textOf(slot), object)
    return object
  }

  /** The slot of an object that lasts, or `undefined`. */
  find(value: unknown): Slot | undefined {
    return typeof value === 'object' && value !== null ? this.#slots.get(value) : undefined
  }

  /** A name that nothing else has. The module's are counted by label, so that other code with the same labels gives the same ones; all others are counted in the state. */
  name(label: string): string {
    if (this.records.isOrigin) {
      const count = this.#counts.get(label) ?? 0
      this.#counts.set(label, count + 1)
      return `${label}#${count}`
    }
    const { count = 0n } = (this.records.get(COUNT) as { count?: bigint } | undefined) ?? {}
    this.records.set(COUNT, { count: count + 1n })
    return `${count}`
  }

  write(record: object): Passable {
    // Says of all that is inside whether it can be passed, and that it does not change.
    for (const value of Object.values(record))
      if (typeof value === 'object' && value !== null && !this.#slots.has(value)) passStyleOf(value)
    return this.#writeRecord(Object.entries(record))
  }

  /** Whether a value is one that lasts. */
  isDurable(value: unknown): boolean {
    try {
      this.write(harden({ value }))
      return true
    } catch (error) {
      if (error instanceof SdkError && error.code === 'vat/not-durable') return false
      throw error
    }
  }

  #write(value: unknown): Passable {
    switch (typeof value) {
      case 'undefined':
        return { [MARK]: 'undefined' }
      case 'number':
        return Number.isFinite(value) ? value : { [MARK]: 'number', text: `${value}` }
      case 'boolean':
      case 'bigint':
      case 'string':
        return value
      case 'object':
        return value === null ? null : this.#writeObject(value)
      default:
        return refuse(value)
    }
  }

  read(written: Passable): unknown {
    return harden(this.#read(written))
  }

  #writeObject(value: object): Passable {
    const slot = this.#slots.get(value)
    if (slot !== undefined) return { [MARK]: slot }
    if (isRef(value)) return value
    if (Array.isArray(value)) return value.map((each) => this.#write(each))
    const style = passStyleOf(value as never) as string
    if (style === 'copyRecord') return this.#writeRecord(Object.entries(value))
    if (style === 'byteArray') return value as ArrayBuffer
    if (style !== 'tagged') return refuse(value)
    const { [Symbol.toStringTag]: tag, payload } = value as { [Symbol.toStringTag]: string; payload: unknown }
    return { [MARK]: 'tagged', tag, payload: this.#write(payload) }
  }

  #writeRecord(entries: readonly (readonly [string, unknown])[]): Passable {
    const written = entries.map(([key, value]) => [key, this.#write(value)] as const)
    if (!written.some(([key]) => key === MARK)) return Object.fromEntries(written)
    return { [MARK]: 'record', entries: written }
  }

  #read(written: Passable): unknown {
    if (typeof written !== 'object' || written === null || isRef(written)) return written
    if (Array.isArray(written)) return written.map((each: Passable) => this.#read(each))
    if (written instanceof ArrayBuffer) return written
    const record = written as Readonly<Record<string, Passable>>
    const mark = record[MARK]
    if (mark !== undefined) return this.#readMarked(mark, record)
    return this.#readRecord(Object.entries(record))
  }

  #readMarked(mark: Passable, { text, tag, payload, entries }: Readonly<Record<string, Passable>>): unknown {
    if (Array.isArray(mark)) return this.#objectAt(mark as Slot)
    if (mark === 'undefined') return undefined
    if (mark === 'number') return Number(text)
    if (mark === 'record') return this.#readRecord(entries as readonly [string, Passable][])
    return makeTagged(tag as string, harden(this.#read(payload as Passable)) as never)
  }

  #readRecord(entries: readonly (readonly [string, Passable])[]): object {
    return Object.fromEntries(entries.map(([key, value]) => [key, this.#read(value)]))
  }

  #objectAt(slot: Slot): object {
    const text = textOf(slot)
    const found = this.#objects.get(text)
    if (found !== undefined) return found
    const [letter = '', ...parts] = slot
    this.#revive.get(letter)?.(...parts)
    const made = this.#objects.get(text)
    if (made === undefined) throw new SdkError('vat/kind-undefined', `there is nothing at ${text}`)
    return made
  }
}

/** A list of texts as one: the key of a record, or of an object. */
export function textOf(parts: readonly string[]): string {
  return JSON.stringify(parts)
}

function refuse(value: unknown): never {
  throw new SdkError('vat/not-durable', `value is not durable: ${String(value)}`)
}
