import { Amt } from '@troupe/ipld/amt'
import type { CborStore } from '@troupe/ipld/blockstore'
import { type CborReader, CborWriter, type ValueCodec } from '@troupe/ipld/cbor'
import type { Cid } from '@troupe/ipld/cid'
import { Hamt } from '@troupe/ipld/hamt'
import { SdkError } from '../errors.ts'
import { checkName, makeRef, type Ref, type RefTarget, targetKey, targetOf } from './ref.ts'

const INDEX_BIT_WIDTH = 5

/** The roots of an actor's list of references; `undefined` for what is empty. */
export interface RefTableRoots {
  readonly slots: Cid | undefined
  readonly index: Cid | undefined
}

/** Target of a reference as a CBOR tuple `[actor, facet, grant or null, methods or null]`. */
export const TARGET_CODEC: ValueCodec<RefTarget> = {
  encode: (writer, { actor, facet, grant, only }) => {
    writer.array(4).uint(actor).text(facet)
    if (grant === undefined) writer.null()
    else writer.uint(grant)
    writeNames(writer, only)
  },
  decode: (reader) => {
    reader.tuple(4)
    const [actor, facet] = [reader.uint64(), checkName(reader.text())]
    const grant = reader.tryNull() ? undefined : reader.uint64()
    return { actor, facet, grant, only: readNames(reader) }
  },
}

/** Names of methods, or `null` for all. */
export function writeNames(writer: CborWriter, names: readonly string[] | undefined): void {
  if (names === undefined) writer.null()
  else {
    writer.array(names.length)
    for (const name of names) writer.text(name)
  }
}

/** See {@link writeNames}. @throws {SdkError} ref/not-a-ref where they are no names */
export function readNames(reader: CborReader): readonly string[] | undefined {
  return reader.tryNull() ? undefined : Array.from({ length: reader.array() }, () => checkName(reader.text()))
}

const SLOT_CODEC: ValueCodec<bigint> = {
  encode: (writer, slot) => void writer.uint(slot),
  decode: (reader) => reader.uint64(),
}

/**
 * The references that an actor has: those in its state by slots, in a list that belongs to the state, and those that came with the call. A target has one reference
 * object during an invocation, and one slot for ever.
 *
 * *Shape*: an AMT from slots to targets, and a HAMT from the CBOR of targets to slots.
 */
export class RefTable {
  readonly #store: CborStore
  readonly #roots: RefTableRoots
  readonly #refs = new Map<string, Ref>()
  #slots: Amt<RefTarget> | undefined
  #index: Hamt<bigint> | undefined

  constructor(store: CborStore, roots: RefTableRoots) {
    this.#store = store
    this.#roots = roots
  }

  /** The reference of a target. */
  ref(target: RefTarget): Ref {
    const key = targetKey(target)
    let ref = this.#refs.get(key)
    if (ref === undefined) {
      ref = makeRef(target)
      this.#refs.set(key, ref)
    }
    return ref
  }

  /** The slot of a reference, which it is given where it has none. @throws {SdkError} ref/not-a-ref */
  slotOf(ref: Ref): bigint {
    const key = keyOf(ref)
    const found = this.#openIndex().get(key)
    if (found !== undefined) return found
    const slots = this.#openSlots()
    const slot = slots.count
    slots.set(slot, expectTarget(ref))
    this.#openIndex().set(key, slot)
    return slot
  }

  /** The slot of a reference, or `undefined` where it has none. @throws {SdkError} ref/not-a-ref */
  findSlot(ref: Ref): bigint | undefined {
    return this.#openIndex().get(keyOf(ref))
  }

  /** The reference in a slot. @throws {SdkError} state/malformed */
  refAt(slot: bigint): Ref {
    const target = this.#openSlots().get(slot)
    if (target === undefined) throw new SdkError('state/malformed', `there is no reference in slot ${slot}`)
    return this.ref(target)
  }

  /** Writes what has changed. */
  flush(): RefTableRoots {
    return {
      slots:
        this.#slots === undefined
          ? this.#roots.slots
          : this.#slots.count === 0n
            ? undefined
            : this.#slots.flush(),
      index:
        this.#index === undefined ? this.#roots.index : this.#index.isEmpty ? undefined : this.#index.flush(),
    }
  }

  #openSlots(): Amt<RefTarget> {
    const { slots } = this.#roots
    this.#slots ??=
      slots === undefined
        ? Amt.create(this.#store, { value: TARGET_CODEC })
        : Amt.load(this.#store, slots, { value: TARGET_CODEC })
    return this.#slots
  }

  #openIndex(): Hamt<bigint> {
    const { index } = this.#roots
    const options = { bitWidth: INDEX_BIT_WIDTH, value: SLOT_CODEC }
    this.#index ??=
      index === undefined ? Hamt.create(this.#store, options) : Hamt.load(this.#store, index, options)
    return this.#index
  }
}

/** What a reference stands for. @throws {SdkError} ref/not-a-ref */
export function expectTarget(ref: unknown): RefTarget {
  const target = targetOf(ref)
  if (target === undefined) throw new SdkError('ref/not-a-ref', 'a value that is not a reference to an actor')
  return target
}

function keyOf(ref: Ref): Uint8Array {
  const writer = new CborWriter()
  TARGET_CODEC.encode(writer, expectTarget(ref))
  return writer.finish()
}
