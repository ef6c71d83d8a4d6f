import { type Cid, cidKey } from '@troupe/ipld'
import { TroupeError } from '../errors.ts'
import type { MessageOutcome } from './outcome.ts'

/** Someone who waits for a message. */
interface Waiter {
  readonly resolve: (outcome: MessageOutcome) => void
  readonly reject: (reason: unknown) => void
}

/** Those who wait for a message's block. */
export class Waiters {
  readonly #waiters = new Map<string, Set<Waiter>>()

  /** How many messages somebody waits for. */
  get size(): number {
    return this.#waiters.size
  }

  /** Whether somebody waits for a message. */
  has(cid: Cid): boolean {
    return this.#waiters.has(cidKey(cid))
  }

  /**
   * Waits for a message.
   * @param signal ends the waiting, with its reason
   * @returns what became of the message, and a way to end the waiting from here
   */
  wait(
    cid: Cid,
    signal: AbortSignal | undefined,
  ): { readonly outcome: Promise<MessageOutcome>; readonly fail: (reason: unknown) => void } {
    const { promise, reject, resolve } = Promise.withResolvers<MessageOutcome>()
    const key = cidKey(cid)
    const waiters = this.#waiters.get(key) ?? new Set()
    const waiter: Waiter = { resolve, reject }
    this.#waiters.set(key, waiters.add(waiter))
    const fail = (reason: unknown): void => {
      waiters.delete(waiter)
      if (waiters.size === 0 && this.#waiters.get(key) === waiters) this.#waiters.delete(key)
      reject(reason)
    }
    if (signal === undefined) return { outcome: promise, fail }
    const onAbort = (): void => fail(signal.reason)
    signal.addEventListener('abort', onAbort)
    return { outcome: promise.finally(() => signal.removeEventListener('abort', onAbort)), fail }
  }

  /** Tells those who wait for a message what became of it; the outcome is made only where there is somebody. */
  resolve(cid: Cid, outcomeOf: () => MessageOutcome): void {
    const waiters = this.#take(cidKey(cid))
    if (waiters.size === 0) return
    const outcome = outcomeOf()
    for (const { resolve } of waiters) resolve(outcome)
  }

  /** Tells those who wait for a message that they wait in vain. */
  reject(cid: Cid, reason: unknown): void {
    for (const { reject } of this.#take(cidKey(cid))) reject(reason)
  }

  /** Tells those who wait for a message that it has left the pool, and no block is going to have it. */
  drop(cid: Cid, why: string): void {
    this.reject(cid, new TroupeError('pool/dropped', `the message ${cid} has left the pool: ${why}`))
  }

  /** Tells everyone. */
  rejectAll(reason: unknown): void {
    for (const key of [...this.#waiters.keys()]) for (const { reject } of this.#take(key)) reject(reason)
  }

  #take(key: string): Set<Waiter> {
    const waiters = this.#waiters.get(key) ?? new Set()
    this.#waiters.delete(key)
    return waiters
  }
}
