/** @module What collections keep, by key: in the heap, or where it lasts. */
import { compareRank } from '@endo/marshal'
import { isRef, type Ref, SdkError } from '@troupe/sdk-js'
import type { Records } from './records.ts'
import { type Slots, textOf } from './slots.ts'

/** The entries of a collection. Keys are scalars, or objects. */
export interface Entries {
  has(key: unknown): boolean
  get(key: unknown): unknown
  /** Puts a value in the place of another, or adds it. */
  put(key: unknown, value: unknown): void
  /** Takes away what is there. */
  remove(key: unknown): void
  readonly size: number
  /** In the order of ranks; objects in that in which they came, as far as none has gone. */
  keys(): unknown[]
}

/** Entries that are gone when the message is over. */
export class HeapEntries implements Entries {
  readonly #map = new Map<unknown, unknown>()

  has(key: unknown): boolean {
    return this.#map.has(key)
  }

  get(key: unknown): unknown {
    return this.#map.get(key)
  }

  put(key: unknown, value: unknown): void {
    this.#map.set(key, value)
  }

  remove(key: unknown): void {
    this.#map.delete(key)
  }

  get size(): number {
    return this.#map.size
  }

  keys(): unknown[] {
    return ranked([...this.#map.keys()])
  }
}

interface Entry {
  readonly index: bigint
  readonly value: unknown
}

/**
 * Entries that last.
 *
 * *Shape*: `["e", collection, key]` has `{index, value}`; `["i", collection, index]` has `{key}`, for indices from 0 up to the size, which `["s", collection]` has. Whoever goes leaves its index to the last.
 * Weak collections have no indices, because nobody asks what is in them.
 */
export class DurableEntries implements Entries {
  readonly #records: Records
  readonly #slots: Slots
  readonly #id: string
  readonly #isWeak: boolean

  constructor(slots: Slots, id: string, isWeak: boolean) {
    this.#records = slots.records
    this.#slots = slots
    this.#id = id
    this.#isWeak = isWeak
  }

  has(key: unknown): boolean {
    return this.#entry(key) !== undefined
  }

  get(key: unknown): unknown {
    return this.#entry(key)?.value
  }

  put(key: unknown, value: unknown): void {
    const entry = this.#entry(key)
    const index = entry?.index ?? (this.#isWeak ? 0n : BigInt(this.size))
    // First what may be refused: whoever catches that finds the collection as it was.
    this.#records.set(this.#at(key), { index, value }, refOf(key))
    if (entry === undefined && !this.#isWeak) this.#append(key, index)
  }

  remove(key: unknown): void {
    const { index } = this.#entry(key) as Entry
    this.#records.delete(this.#at(key), refOf(key))
    if (this.#isWeak) return
    const last = BigInt(this.size) - 1n
    if (index !== last) {
      const moved = this.#records.get(this.#place(last)) as { key: unknown }
      this.#records.set(this.#place(index), moved)
      const { value } = this.#entry(moved.key) as Entry
      this.#records.set(this.#at(moved.key), { index, value }, refOf(moved.key))
    }
    this.#records.delete(this.#place(last))
    this.#records.set(textOf(['s', this.#id]), { size: last })
  }

  get size(): number {
    const record = this.#records.get(textOf(['s', this.#id])) as { size: bigint } | undefined
    return Number(record?.size ?? 0n)
  }

  keys(): unknown[] {
    const keys = Array.from({ length: this.size }, (_, index) => {
      const { key } = this.#records.get(this.#place(BigInt(index))) as { key: unknown }
      return key
    })
    return ranked(keys)
  }

  /** Gives a new key the index behind the last. */
  #append(key: unknown, index: bigint): void {
    this.#records.set(this.#place(index), { key })
    this.#records.set(textOf(['s', this.#id]), { size: index + 1n })
  }

  #entry(key: unknown): Entry | undefined {
    return this.#records.get(this.#at(key), refOf(key)) as Entry | undefined
  }

  #place(index: bigint): string {
    return textOf(['i', this.#id, `${index}`])
  }

  /** The record of a key; those of references to actors have one for each of them. @throws {SdkError} vat/not-durable */
  #at(key: unknown): string {
    if (isRef(key)) return textOf(['e', this.#id])
    const slot = this.#slots.find(key)
    if (slot !== undefined) return textOf(['e', this.#id, ...slot])
    if (typeof key === 'symbol' || (typeof key === 'object' && key !== null))
      throw new SdkError('vat/not-durable', `key is not durable: ${String(key)}`)
    return textOf(['e', this.#id, typeof key, String(key)])
  }
}

function refOf(key: unknown): Ref | undefined {
  return isRef(key) ? key : undefined
}

function ranked(keys: unknown[]): unknown[] {
  return keys.sort((a, b) => compareRank(a as never, b as never))
}
