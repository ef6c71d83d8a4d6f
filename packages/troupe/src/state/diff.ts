/** @module In what two states differ, down to the fields of what actors keep. */
import type { CryptoProvider } from '@troupe/crypto'
import {
  type ActorState,
  type ActorStateArity,
  type AddressNetwork,
  decodeActorState,
  decodeAddress,
  idAddress,
  loadStateRoot,
  Manifest,
  SYSTEM_ACTOR_ID,
} from '@troupe/hypervisor'
import { type Blockstore, CborReader, CborStore, type Cid, cidEquals, type IpldValue } from '@troupe/ipld'
import { Hamt } from '@troupe/ipld/hamt'
import {
  type ActorInterface,
  ADDRESS,
  ANY,
  BUILTIN_INTERFACES,
  CID,
  formatKey,
  type Schema,
  type SchemaOptions,
  UINT,
} from '@troupe/schema'
import { addressText } from './address-text.ts'
import { StateChange } from './state-change.ts'
import { isHostFailure, RAW_VALUES, ValueDiff } from './value-diff.ts'

/** What a comparison of states needs. */
export interface DiffOptions {
  readonly crypto: CryptoProvider
  /** What actors keep, by the names of the manifest. Default: the built-in actors. */
  readonly actors?: readonly ActorInterface[]
  /** Whose addresses are written: f… or t…. Default: `mainnet`. */
  readonly network?: AddressNetwork
  /** How many changes are told. Default: 10,000. */
  readonly maxChanges?: number
}

const MAX_CHANGES = 10_000
const HAMT_BIT_WIDTH = 5
/** The version of state roots from which on actors have a delegated address. */
const FIVE_FIELDS_VERSION = 5

type Changes = Generator<StateChange, void, undefined>

/**
 * In what two states differ: fields of actors' records (`/f0100/balance`), and of what they keep (`/f01/addressMap/f1…`), by the ids of actors. Blocks that both have are not
 * read. What is new or gone is one change, with all that is in it; of collections each entry is one. Where blocks are not there, or are not what a description says, their
 * CIDs are shown.
 *
 * @returns whether these were all of the changes
 * @throws {IpldError} blockstore/absent where a root is not there; cbor/… where it is none; blockstore/unavailable
 */
export function* diffStates(
  blocks: Blockstore,
  before: Cid,
  after: Cid,
  options: DiffOptions,
): Generator<StateChange, { readonly isComplete: boolean }, undefined> {
  const maxChanges = options.maxChanges ?? MAX_CHANGES
  let count = 0
  for (const change of new StateDiff(blocks, options).compare(before, after)) {
    if (++count > maxChanges) return { isComplete: false }
    yield change
  }
  return { isComplete: true }
}

/** One of the two states. */
interface Side {
  readonly actors: Hamt<Uint8Array> | undefined
  readonly arity: ActorStateArity
  readonly manifest: Manifest | undefined
}

/** An actor of one of them. */
interface Actor {
  readonly record: ActorState
  /** Its name in the manifest. */
  readonly type: string | undefined
  /** What it keeps. */
  readonly schema: Schema
}

/** An actor that differs. */
interface ActorChange {
  readonly id: bigint
  readonly segment: string
  readonly before: Actor | undefined
  readonly after: Actor | undefined
}

class StateDiff {
  /** With nodes of its own: values are raw here, and those of a machine's store are not. */
  readonly #store: CborStore
  readonly #options: SchemaOptions
  readonly #values: ValueDiff
  readonly #schemas: ReadonlyMap<string, Schema>

  constructor(blocks: Blockstore, { crypto, network, actors = BUILTIN_INTERFACES }: DiffOptions) {
    this.#store = new CborStore(blocks, crypto)
    this.#options = { addresses: addressText(crypto, network) }
    this.#values = new ValueDiff(this.#store, this.#options)
    this.#schemas = new Map(actors.map(({ name, state }) => [name, state ?? ANY]))
  }

  *compare(before: Cid, after: Cid): Changes {
    if (cidEquals(before, after)) return
    const [a, b] = [this.#load(before), this.#load(after)]
    if (a.actors === undefined || b.actors === undefined) {
      yield new StateChange([], before, after)
      return
    }
    const changes: ActorChange[] = []
    try {
      for (const { key, before: old, after: now } of a.actors.diff(b.actors))
        changes.push(this.#change(key, this.#actor(a, old), this.#actor(b, now)))
    } catch (error) {
      if (isHostFailure(error)) throw error
      yield new StateChange([], before, after)
    }
    for (const change of changes.sort((x, y) => (x.id < y.id ? -1 : x.id > y.id ? 1 : 0)))
      yield* this.#compareActors(change)
  }

  *#compareActors({ segment, before, after }: ActorChange): Changes {
    if (before === undefined || after === undefined) {
      yield new StateChange([segment], this.#describe(before), this.#describe(after))
      return
    }
    const [a, b] = [before.record, after.record]
    const values = this.#values
    yield* values.compare(CID, a.code, b.code, [segment, 'code'])
    yield* values.compare(UINT, a.sequence, b.sequence, [segment, 'sequence'])
    if (a.balance !== b.balance) yield new StateChange([segment, 'balance'], a.balance, b.balance)
    yield* values.compare(ADDRESS, a.delegatedAddress?.bytes, b.delegatedAddress?.bytes, [
      segment,
      'delegatedAddress',
    ])
    if (cidEquals(a.head, b.head)) return
    const [old, now] = [values.load(a.head), values.load(b.head)]
    if (old === undefined || now === undefined) yield new StateChange([segment, 'head'], a.head, b.head)
    else if (before.schema === after.schema) yield* values.compare(before.schema, old, now, [segment])
    else
      yield new StateChange(
        [segment, 'state'],
        values.show(before.schema, old),
        values.show(after.schema, now),
      )
  }

  /** An actor that is new or gone, with what it keeps. */
  #describe(actor: Actor | undefined): IpldValue | undefined {
    if (actor === undefined) return undefined
    const { record, type, schema } = actor
    const state = this.#values.show(schema, this.#values.load(record.head))
    const delegated = this.#values.show(ADDRESS, record.delegatedAddress?.bytes)
    return {
      ...(type === undefined ? {} : { type }),
      ...{ sequence: record.sequence, balance: record.balance },
      ...(delegated === undefined ? {} : { delegatedAddress: delegated }),
      ...(state === undefined ? { head: record.head } : { state }),
      code: record.code,
    }
  }

  #change(key: Uint8Array, before: Actor | undefined, after: Actor | undefined): ActorChange {
    const id = attempt(() => decodeAddress(key).id) ?? 0n
    return { id, segment: formatKey('address', key, this.#options), before, after }
  }

  #actor({ arity, manifest }: Side, bytes: Uint8Array | undefined): Actor | undefined {
    if (bytes === undefined) return undefined
    const record = decodeActorState(bytes, arity)
    const type = manifest?.nameOf(record.code)
    return { record, type, schema: (type === undefined ? undefined : this.#schemas.get(type)) ?? ANY }
  }

  #load(root: Cid): Side {
    const { version, actors: cid } = loadStateRoot(this.#store, root)
    const arity = version >= FIVE_FIELDS_VERSION ? 5 : 4
    const actors = attempt(() => Hamt.load(this.#store, cid, { bitWidth: HAMT_BIT_WIDTH, value: RAW_VALUES }))
    const system = attempt(() => actors?.get(idAddress(SYSTEM_ACTOR_ID).bytes))
    return {
      ...{ actors, arity },
      manifest: system === undefined ? undefined : attempt(() => this.#loadManifest(system, arity)),
    }
  }

  /** The manifest that the system actor's state, `[CID]`, links to. */
  #loadManifest(system: Uint8Array, arity: ActorStateArity): Manifest {
    const reader = new CborReader(this.#store.getBlock(decodeActorState(system, arity).head))
    reader.tuple(1)
    return Manifest.load(this.#store, reader.cid(), [])
  }
}

/** What the data allows; `undefined` where blocks are not there, or are something else. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (isHostFailure(error)) throw error
    return undefined
  }
}
