import { type ActorId, ExitCode } from '@troupe/hypervisor'
import type { CborStore, Cid, ValueCodec } from '@troupe/ipld'
import { Hamt } from '@troupe/ipld/hamt'
import { withExitCode } from '@troupe/runtime-native'
import { encodeVarint } from '../varint.ts'

/** A map from actor ids, as varints, in the books of a token. Whatever is wrong with it fails with USR_SERIALIZATION. */
export class TokenMap<V> {
  readonly #hamt: Hamt<V>

  private constructor(hamt: Hamt<V>) {
    this.#hamt = hamt
  }

  /** An empty map. @throws {ActorError} */
  static create<V>(openStore: () => CborStore, bitWidth: number, value: ValueCodec<V>): TokenMap<V> {
    return guarded(() => new TokenMap(Hamt.create(openStore(), { bitWidth, value })))
  }

  /** The map with this root. @throws {ActorError} */
  static load<V>(openStore: () => CborStore, root: Cid, bitWidth: number, value: ValueCodec<V>): TokenMap<V> {
    return guarded(() => new TokenMap(Hamt.load(openStore(), root, { bitWidth, value })))
  }

  get isEmpty(): boolean {
    return this.#hamt.isEmpty
  }

  /** @throws {ActorError} */
  get(actor: ActorId): V | undefined {
    return guarded(() => this.#hamt.get(encodeVarint(actor)))
  }

  /** @throws {ActorError} */
  set(actor: ActorId, value: V): void {
    guarded(() => this.#hamt.set(encodeVarint(actor), value))
  }

  /** @throws {ActorError} */
  delete(actor: ActorId): void {
    guarded(() => this.#hamt.delete(encodeVarint(actor)))
  }

  /** Writes what has changed, and gives the root. @throws {ActorError} */
  flush(): Cid {
    return guarded(() => this.#hamt.flush())
  }
}

function guarded<T>(run: () => T): T {
  return withExitCode(ExitCode.USR_SERIALIZATION, 'a map of the token', run)
}
