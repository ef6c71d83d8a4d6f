import type { CborStore, Cid } from '@troupe/ipld'
import { Hamt } from '@troupe/ipld/hamt'
import { type ActorState, actorStateCodec } from '../actor/actor-state.ts'
import {
  type ActorId,
  type Address,
  decodeAddress,
  type IdKey,
  idAddress,
  idKey,
} from '../address/address.ts'
import { INIT_ACTOR_ID } from '../address/singletons.ts'
import { HypervisorError } from '../errors.ts'
import type { RuleSet } from '../network/rule-set.ts'
import { HistoryMap } from './history-map.ts'
import {
  assignId,
  HAMT_BIT_WIDTH,
  type InitState,
  loadInitState,
  resolveInMap,
  storeInitState,
} from './init-actor.ts'
import { loadStateRoot, type StateRoot, storeEmptyTuple, storeStateRoot } from './state-root.ts'

/** A point to which {@link StateTree.rollback} returns. */
export interface StateMark {
  readonly actors: number
  readonly addresses: number
}

const LAST_COMMIT: StateMark = { actors: 0, addresses: 0 }

/** Stands for an actor that is known not to exist. */
const NONE = null

/**
 * The actors of a network: a HAMT (bit width 5, SHA-256) from id-address bytes to actor records, under a versioned root, with every change
 * held in memory and undoable until {@link StateTree.flush}.
 *
 * Methods throw `IpldError` where blocks of the tree are absent, malformed or unavailable.
 */
export class StateTree {
  readonly store: CborStore
  readonly #actors: Hamt<ActorState>
  readonly #root: StateRoot
  readonly #userActors: boolean
  readonly #cache = new HistoryMap<IdKey, ActorState | typeof NONE>()
  readonly #dirty = new Set<IdKey>()
  readonly #addresses = new HistoryMap<string, ActorId>()

  private constructor(store: CborStore, root: StateRoot, actors: Hamt<ActorState>, rules: RuleSet) {
    this.store = store
    this.#userActors = rules.userActors !== undefined
    this.#root = root
    this.#actors = actors
  }

  /** A tree with no actors. */
  static create(store: CborStore, rules: RuleSet): StateTree {
    const version = rules.stateRootVersions.at(-1) as number
    const actors = Hamt.create<ActorState>(store, hamtOptions(rules))
    const info = storeEmptyTuple(store)
    return new StateTree(store, { version, actors: actors.flush(), info }, actors, rules)
  }

  /**
   * The tree under a root.
   * @throws {HypervisorError} state/unsupported-version
   * @throws {IpldError}
   */
  static load(store: CborStore, cid: Cid, rules: RuleSet): StateTree {
    const root = loadStateRoot(store, cid)
    if (!rules.stateRootVersions.includes(root.version))
      throw new HypervisorError(
        'state/unsupported-version',
        `the state root has version ${root.version}; ${rules.name} accepts ${rules.stateRootVersions.join(' or ')}`,
      )
    return new StateTree(store, root, Hamt.load(store, root.actors, hamtOptions(rules)), rules)
  }

  /** The actor's record, or `undefined` where there is none. */
  getActor(id: ActorId): ActorState | undefined {
    const key = idKey(id)
    const cached = this.#cache.get(key)
    if (cached !== undefined) return cached ?? undefined
    const found = this.#actors.get(idAddress(id).bytes)
    // Whatever is rolled back, the tree below stays the same: what was read from it may stay cached.
    this.#cache.cache(key, found ?? NONE)
    return found
  }

  setActor(id: ActorId, state: ActorState): void {
    const key = idKey(id)
    this.#dirty.add(key)
    this.#cache.set(key, state)
  }

  /** Removes an actor; one that does not exist may be removed too. */
  deleteActor(id: ActorId): void {
    const key = idKey(id)
    this.#dirty.add(key)
    this.#cache.set(key, NONE)
  }

  /** The id of an address; an id-address is its own, whether or not there is such an actor. */
  lookupId(address: Address): ActorId | undefined {
    if (address.id !== undefined) return address.id
    const known = this.#addresses.get(address.key)
    if (known !== undefined) return known
    const id = resolveInMap(this.store, this.#initState(this.#initActor()).addressMap, address)
    if (id !== undefined) this.#addresses.set(address.key, id)
    return id
  }

  /** Gives an address the next free id, in the state of the init actor. */
  registerAddress(address: Address): ActorId {
    const actor = this.#initActor()
    const before = this.#initState(actor)
    const after = assignId(this.store, before, address)
    this.setActor(INIT_ACTOR_ID, { ...actor, head: storeInitState(this.store, after) })
    return before.nextId
  }

  /** The list of installed code, which the init actor's state links to; `undefined` where it has none. */
  get installedActors(): Cid | undefined {
    return this.#initState(this.#initActor()).installedActors
  }

  /** The point to which {@link rollback} can return. */
  mark(): StateMark {
    return { actors: this.#cache.mark, addresses: this.#addresses.mark }
  }

  /** Takes back every change since `mark`, by default since the last {@link commit}. */
  rollback(mark: StateMark = LAST_COMMIT): void {
    this.#cache.rollback(mark.actors)
    this.#addresses.rollback(mark.addresses)
  }

  /** Makes all changes so far final: no earlier mark can be returned to. */
  commit(): void {
    this.#cache.forget()
    this.#addresses.forget()
  }

  /** Writes all changes to the store's blocks, and gives the new root. */
  flush(): Cid {
    this.#writeDirty()
    return storeStateRoot(this.store, { ...this.#root, actors: this.#actors.flush() })
  }

  /** All actors, in the order of the tree, changes included. */
  *entries(): IterableIterator<[ActorId, ActorState]> {
    this.#writeDirty()
    for (const [key, state] of this.#actors.entries()) yield [decodeAddress(key).id as ActorId, state]
  }

  #writeDirty(): void {
    for (const id of this.#dirty) {
      const state = this.#cache.get(id)
      const key = idAddress(BigInt(id)).bytes
      if (state) this.#actors.set(key, state)
      else if (state === NONE) this.#actors.delete(key)
    }
    this.#dirty.clear()
    this.commit()
  }

  #initActor(): ActorState {
    const actor = this.getActor(INIT_ACTOR_ID)
    if (actor === undefined)
      throw new HypervisorError('state/no-init-actor', 'the state tree has no init actor (f01)')
    return actor
  }

  #initState({ head }: ActorState): InitState {
    return loadInitState(this.store, head, this.#userActors)
  }
}

function hamtOptions(rules: RuleSet): { bitWidth: number; value: ReturnType<typeof actorStateCodec> } {
  return { bitWidth: HAMT_BIT_WIDTH, value: actorStateCodec(rules.actorStateArity) }
}
