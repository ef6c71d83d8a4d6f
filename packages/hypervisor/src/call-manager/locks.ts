import type { ActorId } from '../address/address.ts'

/** The actors that cannot be called at the moment, each as often as it has been locked. */
export class Locks {
  readonly #holds = new Map<ActorId, number>()

  has(actor: ActorId): boolean {
    return this.#holds.has(actor)
  }

  hold(actor: ActorId): void {
    this.#holds.set(actor, (this.#holds.get(actor) ?? 0) + 1)
  }

  release(actor: ActorId): void {
    const holds = (this.#holds.get(actor) ?? 0) - 1
    if (holds > 0) this.#holds.set(actor, holds)
    else this.#holds.delete(actor)
  }
}
