import { type Cid, cidKey } from '@troupe/ipld'
import { loadInstalledActors } from './init-actor.ts'
import type { StateTree } from './state-tree.ts'

/** The code that users have installed, by the state as it is at the moment. */
export class InstalledActors {
  readonly #state: StateTree
  /** The list that was read last: as a block of content it never changes. */
  #list: string | undefined
  #codes: ReadonlySet<string> = new Set()

  constructor(state: StateTree) {
    this.#state = state
  }

  /** @throws {IpldError} where the list is absent, malformed or unavailable */
  has(code: Cid): boolean {
    const list = this.#state.installedActors
    if (list === undefined) return false
    const key = cidKey(list)
    if (key !== this.#list) {
      this.#codes = new Set(loadInstalledActors(this.#state.store, list).map(cidKey))
      this.#list = key
    }
    return this.#codes.has(cidKey(code))
  }
}
