import { RpcError } from './errors.ts'
import type { Json } from './protocol/json.ts'
import type { RpcNotification } from './protocol/messages.ts'

/** How a session is opened. */
export interface SessionOptions {
  /** Takes what is sent without being asked for. Without it there are no subscriptions. */
  readonly notify?: (message: RpcNotification) => void
  /** Called once it is closed. */
  readonly onClose?: () => void
}

/** Something that a session holds until it is ended. */
export interface Held {
  /** Which kind, for the bound on how many there are. */
  readonly kind: 'filter' | 'subscription'
  /** Whose it is, of those that share a session. */
  readonly client?: string
  /** Frees it. */
  end(): void
}

/** Who calls a method. */
export interface RpcCaller {
  readonly session: RpcSession
  /** Which of those that share the session, for the share that each may have of it: an address, as a rule. */
  readonly client: string
}

/** One caller: a connection, or a program in the same process. It owns filters and subscriptions, which end with it. */
export class RpcSession {
  readonly #notify: SessionOptions['notify']
  readonly #onClose: SessionOptions['onClose']
  readonly #held = new Map<string, Held>()
  /** How many there are of each kind, and of each kind for each client. */
  readonly #counts = new Map<string, number>()
  #isClosed = false

  constructor({ notify, onClose }: SessionOptions = {}) {
    this.#notify = notify
    this.#onClose = onClose
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Whether it can be told something without asking. */
  get canNotify(): boolean {
    return this.#notify !== undefined && !this.#isClosed
  }

  /** How many things of a kind it holds; with a client, those of the client. */
  count(kind: Held['kind'], client?: string): number {
    return this.#counts.get(client === undefined ? kind : `${kind} ${client}`) ?? 0
  }

  /** Keeps something under an id. @throws {RpcError} rpc/limit; rpc/failed where the session is closed */
  hold(id: string, held: Held, limit: number): void {
    if (this.#isClosed) throw new RpcError('rpc/failed', 'the session is closed')
    if (this.count(held.kind) >= limit)
      throw new RpcError('rpc/limit', `a session has at most ${limit} of each: this ${held.kind} is one more`)
    this.#held.set(id, held)
    this.#add(held, 1)
  }

  held(id: string): Held | undefined {
    return this.#held.get(id)
  }

  /** Everything that it holds. */
  entries(): IterableIterator<[string, Held]> {
    return this.#held.entries()
  }

  /** Frees one thing. `false` where there is none. */
  release(id: string): boolean {
    const held = this.#held.get(id)
    if (held === undefined) return false
    this.#held.delete(id)
    this.#add(held, -1)
    held.end()
    return true
  }

  #add({ client = '', kind }: Held, difference: 1 | -1): void {
    for (const key of [kind, `${kind} ${client}`]) {
      const count = (this.#counts.get(key) ?? 0) + difference
      if (count === 0) this.#counts.delete(key)
      else this.#counts.set(key, count)
    }
  }

  /** Sends the next item of a subscription. */
  notify(subscription: string, result: Json): void {
    if (this.#isClosed) return
    try {
      this.#notify?.({ jsonrpc: '2.0', method: 'eth_subscription', params: { subscription, result } })
    } catch {
      // Whoever cannot be told any more is gone; the block that this was about goes on.
      this.close()
    }
  }

  /** Frees everything. Closing twice is as good as once. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#onClose?.()
    for (const id of [...this.#held.keys()]) this.release(id)
  }
}
