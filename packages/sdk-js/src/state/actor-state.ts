import { blake2b } from '@noble/hashes/blake2.js'
import { CborReader, CborWriter, type ValueCodec } from '@troupe/ipld/cbor'
import { type Cid, DAG_CBOR, decodeCid } from '@troupe/ipld/cid'
import type { CompiledActor } from '../definition/compiled-actor.ts'
import { DurableArray } from '../durable/durable-array.ts'
import { DurableMap } from '../durable/durable-map.ts'
import type { DurableParts } from '../durable/durable-parts.ts'
import { DurableSet } from '../durable/durable-set.ts'
import { keep } from '../durable/keep.ts'
import { SdkError } from '../errors.ts'
import { askHost } from '../host/ask-host.ts'
import type { HostKernel } from '../host/host-kernel.ts'
import { HostStore } from '../host/host-store.ts'
import { Grants } from '../refs/grants.ts'
import { LATER } from '../refs/ref.ts'
import { RefTable } from '../refs/ref-table.ts'
import type { Passable } from '../values/passable.ts'
import { encodePassable, passableCodec, type RefCodec } from '../values/passable-codec.ts'

type Collection = DurableMap | DurableSet | DurableArray
type Values = Record<string, Passable>

/** What a package has of a field of the state; see `viewOf`. */
export interface FieldView {
  /** Writes to the field what has changed. */
  flush(): void
}

/** What stands in a root. */
interface Root {
  readonly version: number
  readonly collections: ReadonlyMap<string, Cid | undefined>
  readonly continuations: readonly string[]
  readonly values: Values
}

/** CID of the empty tuple, which is the state of actors that have none: DAG-CBOR, blake2b-256. */
const EMPTY_TUPLE_CID = Uint8Array.of(
  1,
  DAG_CBOR,
  0xa0,
  0xe4,
  2,
  32,
  ...blake2b(Uint8Array.of(0x80), { dkLen: 32 }),
)

/** Thrown by the codec of lookups. */
class UnknownRef extends Error {}

/**
 * An actor's state during one invocation: values at hand, collections read in parts, the references in it, and who may call what.
 *
 * *Shape* of the root: CBOR tuple `[version, slots, index, grants, continuations, {name: link or null}, {name: value}]`. Links are null where what they lead to is empty. `continuations` are
 * the methods of the facet `later` that results were ever to be delivered to, in order.
 */
export class ActorState {
  readonly #host: HostKernel
  readonly #actor: CompiledActor
  readonly #store: HostStore
  readonly #refCodec: RefCodec
  readonly #codec: ValueCodec<Passable>
  /** Those that somebody has asked for. */
  readonly #collections = new Map<string, Collection>()
  readonly #views = new Map<object, FieldView>()
  /** Of the collections, as they were read last. */
  #roots: ReadonlyMap<string, Cid | undefined> = new Map()
  #values: Values = {}
  /** Whether there may be something to write. */
  #isTouched = false
  #refs: RefTable
  #grants: Grants
  #continuations: readonly string[] = []
  /** The root as it was read or written last, and its CID. */
  #written: { readonly cid: Uint8Array; readonly block: Uint8Array } | undefined

  private constructor(host: HostKernel, actor: CompiledActor) {
    this.#host = host
    this.#actor = actor
    this.#store = new HostStore(host)
    this.#refs = new RefTable(this.#store, { slots: undefined, index: undefined })
    this.#grants = new Grants(this.#store, undefined)
    this.#refCodec = {
      encode: (writer, ref) => void writer.uint(this.#refs.slotOf(ref)),
      decode: (reader) => this.#refs.refAt(reader.uint64()),
    }
    this.#codec = passableCodec(this.#refCodec)
  }

  /** The state of a new actor. @throws {SdkError} actor/already-constructed */
  static create(host: HostKernel, actor: CompiledActor): ActorState {
    if (
      !isSame(
        askHost('reading the root', () => host.root()),
        EMPTY_TUPLE_CID,
      )
    )
      throw new SdkError('actor/already-constructed', 'the actor has a state')
    const state = new ActorState(host, actor)
    state.#isTouched = true
    for (const [name, field] of actor.fields) if (field.kind === 'value') state.#setValue(name, field.initial)
    return state
  }

  /** The state of an actor that has one. @throws {SdkError} actor/schema-version, state/malformed, host/refused */
  static load(host: HostKernel, actor: CompiledActor): ActorState {
    const state = new ActorState(host, actor)
    state.reload()
    return state
  }

  /**
   * The state of an actor whose code was another before, brought to the form that the new one wants.
   * @throws {SdkError} actor/migration-missing, actor/continuation-missing; what the migrations throw; as {@link load}
   */
  static migrate(host: HostKernel, actor: CompiledActor): ActorState {
    const state = new ActorState(host, actor)
    state.#isTouched = true
    const root = state.#read()
    let { values } = root
    for (let version = root.version; version !== actor.version; version++) {
      const step = version < actor.version ? actor.migrate.get(version) : undefined
      if (step === undefined)
        throw new SdkError(
          'actor/migration-missing',
          `there is no way from state ${root.version} to ${actor.version}`,
        )
      values = { ...step(values) }
    }
    const missing = root.continuations.find((name) => !hasContinuation(actor, name))
    if (missing !== undefined)
      throw new SdkError(
        'actor/continuation-missing',
        `results may be on their way to ${LATER}.${missing}, which the new code does not have`,
      )
    state.#take(values, root)
    for (const [name, field] of actor.fields)
      if (field.kind === 'value') state.#setValue(name, values[name] as Passable)
    return state
  }

  /** The references of the actor. */
  get refs(): RefTable {
    return this.#refs
  }

  /** Who may call the actor. */
  get grants(): Grants {
    this.#isTouched = true
    return this.#grants
  }

  /** A field: a value, or a collection, which is read when it is asked for. */
  get(name: string): Passable | Collection {
    return this.#actor.fields.get(name)?.kind === 'value'
      ? (this.#values[name] as Passable)
      : this.#collection(name)
  }

  /** What a package has of the field that was declared so; `undefined` where there is none. */
  viewOf(declared: object, make: (field: unknown) => FieldView): FieldView | undefined {
    let view = this.#views.get(declared)
    if (view !== undefined) return view
    for (const [name, field] of this.#actor.fields) {
      if (field !== declared) continue
      view = make(this.get(name))
      this.#views.set(declared, view)
    }
    return view
  }

  /** Replaces the value of a field. @throws {SdkError} value/..., state/refused */
  set(name: string, value: Passable): void {
    this.#setValue(name, value)
  }

  /** A value as it stands in the state. @throws {SdkError} value/... */
  encode(value: Passable): Uint8Array {
    this.#isTouched = true
    return encodePassable(this.#refCodec, value)
  }

  /** The value that was encoded so. @throws {SdkError} state/malformed */
  decode(data: Uint8Array): Passable {
    return this.#codec.decode(new CborReader(data, { exact: true }))
  }

  /** Notes that a result is to be delivered to a method: code that comes after this one has to have it. */
  expectContinuation(name: string): void {
    if (this.#continuations.includes(name)) return
    this.#continuations = [...this.#continuations, name].sort()
    this.#isTouched = true
  }

  /** Whether the root is another than was written here last: somebody has been here in the meantime. */
  get hasMoved(): boolean {
    const root = askHost('reading the root', () => this.#host.root())
    return !isSame(root, this.#written?.cid)
  }

  /** Takes what is in the kernel for what is here. */
  reload(): void {
    const root = this.#read()
    if (root.version !== this.#actor.version)
      throw new SdkError('actor/schema-version', `state ${root.version}, and code for ${this.#actor.version}`)
    this.#views.clear()
    this.#take(root.values, root)
  }

  /** Writes what has changed, and makes it the actor's root. @throws {SdkError} host/refused (in a read-only call), value/... */
  flush(): void {
    for (const view of this.#views.values()) view.flush()
    if (!this.#isTouched) return
    // Whoever has asked for a collection may keep it, and change it at any time.
    this.#isTouched = this.#collections.size > 0
    const block = this.#encode()
    if (isSame(block, this.#written?.block)) return
    const cid = askHost('writing the state', () => this.#host.putBlock(DAG_CBOR, block))
    askHost('changing the state', () => this.#host.setRoot(cid))
    this.#written = { cid, block }
  }

  #encode(): Uint8Array {
    const collections = [...this.#actor.fields]
      .filter(([, { kind }]) => kind !== 'value')
      .map(([name]) => [name, this.#rootOf(name)] as const)
    // Whatever is written may give slots to references: so they come last.
    const values = this.#encodeValues()
    const { slots, index } = this.#refs.flush()
    const writer = new CborWriter()
    writer.array(7).uint(this.#actor.version)
    for (const root of [slots, index, this.#grants.flush()]) writeLink(writer, root)
    writer.array(this.#continuations.length)
    for (const name of this.#continuations) writer.text(name)
    writer.map(collections.length)
    for (const [name, root] of collections) writeLink(writer.text(name), root)
    writer.raw(values)
    return writer.finish()
  }

  /** As a record of them would be encoded: the fields are in the order of their names. */
  #encodeValues(): Uint8Array {
    const names = [...this.#actor.fields].filter(([, { kind }]) => kind === 'value').map(([name]) => name)
    const writer = new CborWriter().map(names.length)
    for (const name of names) this.#codec.encode(writer.text(name), this.#values[name] as Passable)
    return writer.finish()
  }

  #read(): Root {
    const cid = askHost('reading the root', () => this.#host.root())
    const block = this.#store.getBlock(decodeCid(cid))
    if (isSame(cid, EMPTY_TUPLE_CID))
      throw new SdkError('actor/not-constructed', 'the actor has no state yet')
    this.#written = { cid, block }
    const reader = new CborReader(block, { exact: true })
    reader.tuple(7)
    const version = reader.uint()
    const [slots, index, grants] = [readLink(reader), readLink(reader), readLink(reader)]
    this.#refs = new RefTable(this.#store, { slots, index })
    this.#grants = new Grants(this.#store, grants)
    const continuations = Array.from({ length: reader.array() }, () => reader.text())
    this.#continuations = continuations
    const collections = new Map<string, Cid | undefined>()
    for (let left = reader.map(); left > 0; left--) collections.set(reader.text(), readLink(reader))
    const values: Values = {}
    for (let left = reader.map(); left > 0; left--) values[reader.text()] = this.#codec.decode(reader)
    reader.end()
    return { version, collections, continuations, values }
  }

  /** Takes what a root has, which was looked at when it was written. */
  #take(values: Values, { collections }: Root): void {
    this.#roots = collections
    this.#values = {}
    for (const [name, field] of this.#actor.fields) {
      if (field.kind !== 'value') this.#collections.get(name)?.reload(collections.get(name))
      else if (Object.hasOwn(values, name)) this.#values[name] = values[name] as Passable
      else malformed(`there is no value ${name}`)
    }
  }

  /** Where a collection stands now. What nobody has asked for stands where it stood. */
  #rootOf(name: string): Cid | undefined {
    const opened = this.#collections.get(name)
    return opened === undefined ? this.#roots.get(name) : opened.flush()
  }

  /** A collection, read when it is asked for. */
  #collection(name: string): Collection {
    this.#isTouched = true
    let collection = this.#collections.get(name)
    if (collection === undefined) {
      collection = this.#open(name, this.#roots.get(name))
      // Whoever takes it for a record, and puts a key into it, is to know.
      Object.freeze(collection)
      this.#collections.set(name, collection)
    }
    return collection
  }

  #setValue(name: string, value: Passable): void {
    this.#isTouched = true
    const pattern = this.#actor.fields.get(name)?.value
    try {
      this.#values[name] = keep(this.#codec, value, pattern as never, `state.${name}`)
    } catch (error) {
      if (error instanceof SdkError && error.code === 'durable/refused')
        throw new SdkError('state/refused', error.message, { cause: error })
      throw error
    }
  }

  #open(name: string, root: Cid | undefined): Collection {
    const field = this.#actor.fields.get(name)
    if (field === undefined) malformed(`there is no collection ${name}`)
    const parts: DurableParts = {
      codec: this.#codec,
      lookup: (key) => this.#lookUp(key),
      key: field.key,
      value: field.value,
    }
    if (field.kind === 'map') return new DurableMap(this.#store, root, parts)
    if (field.kind === 'set') return new DurableSet(this.#store, root, parts)
    return new DurableArray(this.#store, root, parts)
  }

  #lookUp(key: Passable): Uint8Array | undefined {
    const refs: RefCodec = {
      encode: (writer, ref) => {
        const slot = this.#refs.findSlot(ref)
        if (slot === undefined) throw new UnknownRef()
        writer.uint(slot)
      },
      decode: this.#refCodec.decode,
    }
    try {
      return encodePassable(refs, key)
    } catch (error) {
      if (error instanceof UnknownRef) return undefined
      throw error
    }
  }
}

function hasContinuation({ methods }: CompiledActor, wanted: string): boolean {
  return [...methods.values()].some(({ facet, name }) => facet === LATER && name === wanted)
}

function writeLink(writer: CborWriter, cid: Cid | undefined): void {
  if (cid === undefined) writer.null()
  else writer.cid(cid)
}

function readLink(reader: CborReader): Cid | undefined {
  return reader.tryNull() ? undefined : reader.cid()
}

function isSame(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return a.length === b?.length && a.every((byte, index) => byte === b[index])
}

function malformed(what: string): never {
  throw new SdkError('state/malformed', what)
}
