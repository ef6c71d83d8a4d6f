import type { Cid } from '@troupe/ipld'
import type { Troupe } from 'troupe'
import { RpcError } from './errors.ts'
import { toQuantity } from './text/hex.ts'

/** Moments of a chain that can be returned to, by the number that tools give them. */
export class Snapshots {
  readonly #vm: Troupe
  readonly #limit: number
  readonly #positions = new Map<number, Cid>()
  #next = 1

  constructor(vm: Troupe, limit: number) {
    this.#vm = vm
    this.#limit = limit
  }

  /** Takes one, and gives its number. @throws {RpcError} rpc/limit */
  take(): string {
    if (this.#positions.size >= this.#limit)
      throw new RpcError(
        'rpc/limit',
        `there are ${this.#limit} snapshots already: return to one of them, and the later ones are forgotten`,
      )
    const number = this.#next++
    this.#positions.set(number, this.#vm.head.position)
    return toQuantity(number)
  }

  /** Returns to one, which is forgotten with all later ones, and so is what waits in the pool. `false` where there is none. */
  async restore(number: bigint): Promise<boolean> {
    const wanted = Number(number)
    const position = this.#positions.get(wanted)
    if (position === undefined) return false
    await this.#vm.checkout(position)
    for (const other of [...this.#positions.keys()]) if (other >= wanted) this.#positions.delete(other)
    return true
  }

  /** Forgets all. */
  clear(): void {
    this.#positions.clear()
  }
}
