import { HistoryMap, type Journal } from '@troupe/hypervisor'
import { nameOf } from '../ethereum/account.ts'
import type { Contract } from './contract.ts'
import { nameOrPanic } from './contract-host.ts'

/** What contracts have accessed in one message, by which Ethereum's prices differ: taken back with the calls that fail. */
export class MessageAccess implements Journal {
  readonly #warm = new HistoryMap<string, true>()
  /** Words of slots as they were when the message began: what they were when it first came to them. Nothing takes that back. */
  readonly #originals = new Map<string, bigint>()

  /** What the message of a contract has accessed so far. */
  static of(contract: Contract): MessageAccess {
    const { kernel } = contract.context.syscalls
    return kernel.calls.journal(MessageAccess, () => {
      const access = new MessageAccess()
      access.#warm.cache(nameOf(nameOrPanic(contract, kernel.calls.origin.id)), true)
      return access
    })
  }

  get mark(): number {
    return this.#warm.mark
  }

  rollback(mark: number): void {
    this.#warm.rollback(mark)
  }

  /** Says whether something was accessed before, and marks it. @param name of an account, or of a slot by {@link slotName} */
  warm(name: string): boolean {
    if (this.#warm.has(name)) return true
    this.#warm.set(name, true)
    return false
  }

  /** The word of a slot when the message began. @param current its word now */
  originalOf(name: string, current: bigint): bigint {
    const known = this.#originals.get(name)
    if (known !== undefined) return known
    this.#originals.set(name, current)
    return current
  }
}

/** The name of a slot. @param contract name of its contract's address */
export function slotName(contract: string, key: bigint): string {
  return `${contract}/${nameOf(key)}`
}
