import { type ActorId, type IdKey, idKey } from '../address/address.ts'
import { HistoryMap } from '../state/history-map.ts'

/** What a message has paid for of an actor's record. */
export const Access = { NONE: 0, READ: 1, UPDATED: 2 } as const
/** One of the {@link Access} levels. */
export type Access = (typeof Access)[keyof typeof Access]

/**
 * Remembers what one message has already paid for, so that each actor's record is charged once for reading and once for writing.
 * What a reverted call paid for is forgotten again.
 *
 * Differs: the reference tracks address lookups too; they cost nothing in any price list, so that there is nothing to remember.
 * Source: ref-fvm release/v3 fvm/src/call_manager/state_access_tracker.rs.
 */
export class AccessTracker {
  readonly #actors = new HistoryMap<IdKey, Access>()
  readonly #preloaded: readonly ActorId[]

  /** @param preloaded actors that every block touches, and that therefore cost nothing */
  constructor(preloaded: readonly ActorId[]) {
    this.#preloaded = preloaded
  }

  actor(id: ActorId): Access {
    return this.#actors.get(idKey(id)) ?? (this.#preloaded.includes(id) ? Access.UPDATED : Access.NONE)
  }

  recordRead(id: ActorId): void {
    if (this.actor(id) < Access.READ) this.#actors.set(idKey(id), Access.READ)
  }

  recordUpdate(id: ActorId): void {
    if (this.actor(id) < Access.UPDATED) this.#actors.set(idKey(id), Access.UPDATED)
  }

  /** The point to which {@link rollback} returns. */
  get mark(): number {
    return this.#actors.mark
  }

  rollback(mark: number): void {
    this.#actors.rollback(mark)
  }
}
