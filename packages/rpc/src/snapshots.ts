import type { Cid } from '@troupe/ipld'
import type { Troupe } from 'troupe'
import { RpcError } from './errors.ts'
import { toQuantity } from './text/hex.ts'

/** Where a chain stood. */
interface Moment {
  readonly position: Cid
  /** When the next block was planned for, where that was later than the next epoch. */
  readonly planned: bigint | undefined
}

/** Moments of a chain that can be returned to, by the number that tools give them. */
export class Snapshots {
  readonly #vm: Troupe
  readonly #limit: number
  readonly #moments = new Map<number, Moment>()
  #next = 1

  constructor(vm: Troupe, limit: number) {
    this.#vm = vm
    this.#limit = limit
  }

  /** Takes one, and gives its number. @throws {RpcError} rpc/limit */
  take(): string {
    if (this.#moments.size >= this.#limit)
      throw new RpcError(
        'rpc/limit',
        `there are ${this.#limit} snapshots already: return to one of them, and the later ones are forgotten`,
      )
    const number = this.#next++
    const { head, nextEpoch } = this.#vm
    const planned = nextEpoch > head.epoch + 1n ? nextEpoch : undefined
    this.#moments.set(number, { position: head.position, planned })
    return toQuantity(number)
  }

  /** Returns to one, which is forgotten with all later ones, and so is what waits in the pool. The next block is planned as it was then. `false` where there is none. */
  async restore(number: bigint): Promise<boolean> {
    const wanted = Number(number)
    const moment = this.#moments.get(wanted)
    if (moment === undefined) return false
    await this.#vm.checkout(moment.position)
    if (moment.planned !== undefined) this.#vm.nextEpoch = moment.planned
    for (const other of [...this.#moments.keys()]) if (other >= wanted) this.#moments.delete(other)
    return true
  }

  /** Forgets all. */
  clear(): void {
    this.#moments.clear()
  }
}
