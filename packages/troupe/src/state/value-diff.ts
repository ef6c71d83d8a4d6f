/** @module In what two values differ that one description fits. */
import { CodedError } from '@troupe/crypto'
import {
  bytesKey,
  type CborStore,
  type Cid,
  cidEquals,
  DAG_CBOR,
  type IpldValue,
  isCid,
  Kamt,
  u256Codec,
  u256Keys,
  type ValueCodec,
} from '@troupe/ipld'
import { Amt } from '@troupe/ipld/amt'
import { Hamt } from '@troupe/ipld/hamt'
import {
  type AmtSchema,
  ANY,
  decodePlain,
  formatKey,
  type HamtSchema,
  interpret,
  type Schema,
  type SchemaOptions,
  specialise,
} from '@troupe/schema'
import { StateChange } from './state-change.ts'

/** Values of a collection as their CBOR: what they are is decided by their description. */
export const RAW_VALUES: ValueCodec<Uint8Array> = {
  encode: (writer, bytes) => void writer.raw(bytes),
  decode: (reader) => reader.raw(),
}

/** Links in links that are followed. What actors keep has three or four; only what they make up has more. */
const MAX_LINKS = 32
/** Words of a contract's storage that are looked at. KAMTs have no comparison that leaves out what is equal. */
const MAX_WORDS = 100_000
/** The form of an EVM contract's storage. Source: builtin-actors v18.0.0 `actors/evm/src/interpreter/system.rs`. */
const STORAGE_FORM = { keys: u256Keys, value: u256Codec, bitWidth: 5, maxArrayWidth: 1 }

type Maybe = IpldValue | undefined
type Changes = Generator<StateChange, void, undefined>

/** Compares values, and the blocks that they link to, as far as these are there. */
export class ValueDiff {
  readonly #store: CborStore
  readonly #options: SchemaOptions

  constructor(store: CborStore, options: SchemaOptions) {
    this.#store = store
    this.#options = options
  }

  /** What turns one value of the plain data model into another. Nothing is `undefined` on both sides. */
  *compare(
    schema: Schema,
    before: Maybe,
    after: Maybe,
    segments: readonly string[],
    links: number = MAX_LINKS,
  ): Changes {
    if (isSame(before, after)) return
    const a = before === undefined ? undefined : specialise(schema, before)
    const b = after === undefined ? undefined : specialise(schema, after)
    // Of something new or gone only collections are looked into: all else is said in one line.
    const special = a === undefined ? b : b === undefined || a === b ? a : undefined
    if (special !== undefined && (yield* this.#within(special, before, after, segments, links))) return
    yield new StateChange(segments, this.show(schema, before), this.show(schema, after))
  }

  /** Compares part by part, where there are parts. @returns whether there are */
  *#within(
    schema: Schema,
    before: Maybe,
    after: Maybe,
    segments: readonly string[],
    links: number,
  ): Generator<StateChange, boolean, undefined> {
    if (links > 0 && isLink(before) && isLink(after)) {
      switch (schema.kind) {
        case 'hamt':
          return yield* this.#attempt(
            this.#hamt(schema, before, after, segments, links),
            segments,
            before,
            after,
          )
        case 'amt':
          return yield* this.#attempt(
            this.#amt(schema, before, after, segments, links),
            segments,
            before,
            after,
          )
        case 'kamt':
          return yield* this.#attempt(this.#storage(before, after, segments), segments, before, after)
        case 'link':
        case 'any':
          return yield* this.#link(schema.kind === 'link' ? schema.to : ANY, before, after, segments, links)
        default:
          return false
      }
    }
    if (before === undefined || after === undefined) return false
    if (Array.isArray(before) && Array.isArray(after)) {
      const length = Math.max(before.length, after.length)
      for (let index = 0; index < length; index++) {
        const [name, part] = partOf(schema, index)
        yield* this.compare(part, before[index], after[index], [...segments, name], links)
      }
      return true
    }
    if (isRecord(before) && isRecord(after)) {
      const part = schema.kind === 'map' ? schema.value : ANY
      for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
        yield* this.compare(part, own(before, key), own(after, key), [...segments, key], links)
      return true
    }
    return false
  }

  /** The contents of two blocks, where both are there; a new block is shown by what is in it as well. */
  *#link(
    to: Schema,
    before: Cid | undefined,
    after: Cid | undefined,
    segments: readonly string[],
    links: number,
  ): Generator<StateChange, boolean, undefined> {
    const [a, b] = [this.load(before), this.load(after)]
    if ((before !== undefined && a === undefined) || (after !== undefined && b === undefined)) return false
    yield* this.compare(to, a, b, segments, links - 1)
    return true
  }

  *#hamt(
    { bitWidth, key: kind, value }: HamtSchema,
    before: Cid | undefined,
    after: Cid | undefined,
    segments: readonly string[],
    links: number,
  ): Changes {
    const options = { bitWidth, value: RAW_VALUES }
    const load = (cid: Cid | undefined): Hamt<Uint8Array> =>
      cid === undefined ? Hamt.create(this.#store, options) : Hamt.load(this.#store, cid, options)
    for (const { key, before: a, after: b } of load(before).diff(load(after))) {
      const segment = formatKey(kind, key, this.#options)
      yield* this.compare(value, plainOf(a), plainOf(b), [...segments, segment], links - 1)
    }
  }

  *#amt(
    { value, version }: AmtSchema,
    before: Cid | undefined,
    after: Cid | undefined,
    segments: readonly string[],
    links: number,
  ): Changes {
    const load = (cid: Cid): Amt<Uint8Array> => Amt.load(this.#store, cid, { value: RAW_VALUES, version })
    const one = load((before ?? after) as Cid)
    const { bitWidth } = one
    const empty = Amt.create(this.#store, { value: RAW_VALUES, version, bitWidth })
    const old = before === undefined ? empty : one
    const now = after === undefined ? empty : before === undefined ? one : load(after)
    for (const { index, before: a, after: b } of old.diff(now))
      yield* this.compare(value, plainOf(a), plainOf(b), [...segments, String(index)], links - 1)
  }

  *#storage(before: Cid | undefined, after: Cid | undefined, segments: readonly string[]): Changes {
    const old = this.#words(before)
    const now = this.#words(after)
    if (old === undefined || now === undefined) {
      yield new StateChange(segments, before, after)
      return
    }
    for (const key of new Set([...old.keys(), ...now.keys()])) {
      const [a, b] = [old.get(key), now.get(key)]
      if (a !== b) yield new StateChange([...segments, `0x${key.toString(16)}`], a, b)
    }
  }

  /** The words of a contract's storage; `undefined` where they are too many. */
  #words(cid: Cid | undefined): ReadonlyMap<bigint, bigint> | undefined {
    const words = new Map<bigint, bigint>()
    if (cid === undefined) return words
    for (const [key, word] of Kamt.load(this.#store, cid, STORAGE_FORM).entries()) {
      if (words.size === MAX_WORDS) return undefined
      words.set(key, word)
    }
    return words
  }

  /** Goes through a collection as far as its blocks are there and are what they should be; then the rest is shown as two CIDs. */
  *#attempt(
    changes: Changes,
    segments: readonly string[],
    before: Cid | undefined,
    after: Cid | undefined,
  ): Generator<StateChange, true, undefined> {
    try {
      yield* changes
    } catch (error) {
      if (isHostFailure(error)) throw error
      yield new StateChange(segments, before, after)
    }
    return true
  }

  /** What is in a block of DAG-CBOR; `undefined` where it is not there, or is none. @throws {IpldError} blockstore/unavailable */
  load(cid: Cid | undefined): Maybe {
    if (cid === undefined || cid.code !== DAG_CBOR) return undefined
    const bytes = this.#store.blocks.get(cid)
    return bytes === undefined ? undefined : decodePlain(bytes)
  }

  /** A value as its description has it. */
  show(schema: Schema, plain: Maybe): Maybe {
    return plain === undefined ? undefined : interpret(schema, plain, this.#options).value
  }
}

/** Whether an error says something about the machine that runs this, not about the data. */
export function isHostFailure(error: unknown): boolean {
  if (!(error instanceof CodedError)) return true
  const { code } = error as CodedError<string>
  return code !== 'blockstore/absent' && /^(blockstore|store)\//u.test(code)
}

function partOf(schema: Schema, index: number): readonly [name: string, schema: Schema] {
  if (schema.kind === 'tuple') return schema.fields[index] ?? [String(index), ANY]
  return [String(index), schema.kind === 'list' ? schema.item : ANY]
}

function plainOf(bytes: Uint8Array | undefined): Maybe {
  if (bytes === undefined) return undefined
  const plain = decodePlain(bytes)
  // Null is a value too.
  return plain === undefined ? bytes : plain
}

/** A link, or nothing. */
function isLink(value: Maybe): value is Cid | undefined {
  return value === undefined || isCid(value)
}

function isRecord(value: Maybe): value is { readonly [key: string]: IpldValue } {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array) &&
    !isCid(value)
  )
}

function own(record: { readonly [key: string]: IpldValue }, key: string): Maybe {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

function isSame(a: Maybe, b: Maybe): boolean {
  if (Object.is(a, b)) return true
  if (isCid(a)) return isCid(b) && cidEquals(a, b)
  if (a instanceof Uint8Array) return b instanceof Uint8Array && bytesKey(a) === bytesKey(b)
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => isSame(item, b[index]))
  if (!isRecord(a) || !isRecord(b)) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key]))
  )
}
