import { ExitCode } from '@troupe/hypervisor'
import type { Cid, ValueCodec } from '@troupe/ipld'
import { Hamt } from '@troupe/ipld/hamt'
import { withExitCode } from './actor-error.ts'
import type { StateAccess } from './state-access.ts'

/** Bit width of the maps in actors' state, unless they say otherwise. */
export const MAP_BIT_WIDTH = 5

/** What a map is made of. */
export interface ActorMapOptions<V> {
  /** Names the map in messages. */
  readonly name: string
  readonly value: ValueCodec<V>
  /** Default: {@link MAP_BIT_WIDTH}. */
  readonly bitWidth?: number
}

/**
 * A map in an actor's state: a HAMT whose keys the kernel hashes. Whatever is wrong with it is USR_ILLEGAL_STATE.
 *
 * Differs: a node that occurs twice in a tree would be read once, and by the reference twice. No map has such nodes, because no key occurs twice.
 *
 * Source: builtin-actors v18 runtime/src/util/map.rs (`Map2`).
 */
export class ActorMap<V> {
  readonly #hamt: Hamt<V>
  readonly #name: string

  private constructor(hamt: Hamt<V>, name: string) {
    this.#hamt = hamt
    this.#name = name
  }

  /** A map without entries. */
  static create<V>(state: StateAccess, options: ActorMapOptions<V>): ActorMap<V> {
    return new ActorMap(Hamt.create(state.store(), hamtOptions(options)), options.name)
  }

  /** The map with this root. @throws {ActorError} */
  static load<V>(state: StateAccess, root: Cid, options: ActorMapOptions<V>): ActorMap<V> {
    return withExitCode(
      ExitCode.USR_ILLEGAL_STATE,
      `the map of ${options.name} cannot be read`,
      () => new ActorMap(Hamt.load(state.store(), root, hamtOptions(options)), options.name),
    )
  }

  get isEmpty(): boolean {
    return this.#hamt.isEmpty
  }

  /** @throws {ActorError} */
  get(key: Uint8Array): V | undefined {
    return this.#run(() => this.#hamt.get(key))
  }

  /** @throws {ActorError} */
  has(key: Uint8Array): boolean {
    return this.#run(() => this.#hamt.has(key))
  }

  /** @throws {ActorError} */
  set(key: Uint8Array, value: V): void {
    this.#run(() => this.#hamt.set(key, value))
  }

  /** Puts a value where there is none; says whether it did. The key is hashed once. @throws {ActorError} */
  setIfAbsent(key: Uint8Array, value: V): boolean {
    return this.#run(() => this.#hamt.setIfAbsent(key, value))
  }

  /** Takes a value out; says whether there was one. @throws {ActorError} */
  delete(key: Uint8Array): boolean {
    return this.#run(() => this.#hamt.delete(key))
  }

  /** Takes a value out, and gives it. @throws {ActorError} */
  take(key: Uint8Array): V | undefined {
    return this.#run(() => this.#hamt.take(key))
  }

  /** All entries, in the order of the tree. @throws {ActorError} */
  entries(): (readonly [key: Uint8Array, value: V])[] {
    return this.#run(() => [...this.#hamt.entries()])
  }

  /** Writes what has changed; gives the root. @throws {ActorError} */
  flush(): Cid {
    return this.#run(() => this.#hamt.flush())
  }

  #run<T>(run: () => T): T {
    return withExitCode(ExitCode.USR_ILLEGAL_STATE, `the map of ${this.#name} failed`, run)
  }
}

function hamtOptions<V>({ value, bitWidth }: ActorMapOptions<V>): { value: ValueCodec<V>; bitWidth: number } {
  return { value, bitWidth: bitWidth ?? MAP_BIT_WIDTH }
}
