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

/** What stands in a root. */
interface Root {
  readonly version: number
  readonly values: Uint8Array
  readonly collections: ReadonlyMap<string, Cid | undefined>
  readonly slots: Cid | undefined
  readonly index: Cid | undefined
  readonly grants: Cid | undefined
  readonly continuations: readonly string[]
}

/** Thrown by the codec of lookups. */
class UnknownRef extends Error {}

/**
 * An actor's state during one invocation: values at hand, collections read in parts, the references in it, and who may call what.
 *
 * *Shape* of the root: CBOR tuple `[version, {name: value}, {name: link or null}, slots, index, grants, continuations]`; `slots`, `index` and `grants` are links, or null where they are
 * empty. `continuations` are the methods of the facet `later` that results were ever to be delivered to, in order.
 */
export class ActorState {
  /** What methods see as `state`. */
  readonly record: object
  readonly #host: HostKernel
  readonly #actor: CompiledActor
  readonly #store: HostStore
  readonly #refCodec: RefCodec
  readonly #codec: ValueCodec<Passable>
  readonly #collections = new Map<string, Collection>()
  #values: Values = {}
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
    this.record = this.#makeRecord()
  }

  /** The state of a new actor. */
  static create(host: HostKernel, actor: CompiledActor): ActorState {
    const state = new ActorState(host, actor)
    for (const [name, field] of actor.fields)
      if (field.kind === 'value') state.#setValue(name, field.initial)
      else state.#collections.set(name, state.#open(name, undefined))
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
    const root = state.#read()
    let values = state.#adopt(root)
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
    return state
  }

  /** The references of the actor. */
  get refs(): RefTable {
    return this.#refs
  }

  /** Who may call the actor. */
  get grants(): Grants {
    return this.#grants
  }

  /** A value as it stands in the state. @throws {SdkError} value/... */
  encode(value: Passable): Uint8Array {
    return encodePassable(this.#refCodec, value)
  }

  /** The value that was encoded so. @throws {SdkError} state/malformed */
  decode(data: Uint8Array): Passable {
    return this.#codec.decode(new CborReader(data, { exact: true }))
  }

  /** Notes that a result is to be delivered to a method: code that comes after this one has to have it. */
  expectContinuation(name: string): void {
    if (!this.#continuations.includes(name)) this.#continuations = [...this.#continuations, name].sort()
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
    this.#take(this.#adopt(root), root)
  }

  /** Writes what has changed, and makes it the actor's root. @throws {SdkError} host/refused (in a read-only call), value/... */
  flush(): void {
    const block = this.#encode()
    if (isSame(block, this.#written?.block)) return
    const cid = askHost('writing the state', () => this.#host.putBlock(DAG_CBOR, block))
    askHost('changing the state', () => this.#host.setRoot(cid))
    this.#written = { cid, block }
  }

  #encode(): Uint8Array {
    const collections = [...this.#collections].map(
      ([name, collection]) => [name, collection.flush()] as const,
    )
    const values = encodePassable(this.#refCodec, this.#values)
    const { slots, index } = this.#refs.flush()
    const writer = new CborWriter()
    writer.array(7).uint(this.#actor.version).raw(values).map(collections.length)
    for (const [name, root] of collections) writeLink(writer.text(name), root)
    for (const root of [slots, index, this.#grants.flush()]) writeLink(writer, root)
    writer.array(this.#continuations.length)
    for (const name of this.#continuations) writer.text(name)
    return writer.finish()
  }

  #read(): Root {
    const cid = askHost('reading the root', () => this.#host.root())
    const block = this.#store.getBlock(decodeCid(cid))
    this.#written = { cid, block }
    const reader = new CborReader(block)
    reader.tuple(7)
    const version = reader.uint()
    const values = reader.raw()
    const collections = new Map<string, Cid | undefined>()
    for (let left = reader.map(); left > 0; left--) collections.set(reader.text(), readLink(reader))
    const [slots, index, grants] = [readLink(reader), readLink(reader), readLink(reader)]
    const continuations = Array.from({ length: reader.array() }, () => reader.text())
    reader.end()
    return { version, values, collections, slots, index, grants, continuations }
  }

  /** Opens what values of a root may refer to, and reads them. */
  #adopt(root: Root): Values {
    this.#refs = new RefTable(this.#store, root)
    this.#grants = new Grants(this.#store, root.grants)
    this.#continuations = root.continuations
    return this.#codec.decode(new CborReader(root.values, { exact: true })) as Values
  }

  #take(values: Values, { collections }: Root): void {
    this.#values = {}
    for (const [name, field] of this.#actor.fields) {
      if (field.kind === 'value') {
        if (!Object.hasOwn(values, name)) malformed(`there is no value ${name}`)
        this.#setValue(name, values[name] as Passable)
      } else {
        const existing = this.#collections.get(name)
        if (existing === undefined) this.#collections.set(name, this.#open(name, collections.get(name)))
        else existing.reload(collections.get(name))
      }
    }
  }

  #setValue(name: string, value: Passable): void {
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

  #makeRecord(): object {
    const record = {}
    for (const [name, field] of this.#actor.fields)
      Object.defineProperty(
        record,
        name,
        field.kind === 'value'
          ? {
              get: () => this.#values[name],
              set: (value: Passable) => this.#setValue(name, value),
              enumerable: true,
            }
          : { get: () => this.#collections.get(name), enumerable: true },
      )
    return Object.freeze(record)
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
