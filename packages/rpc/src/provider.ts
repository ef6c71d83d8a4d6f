/** @module A chain as wallets and libraries know it in a browser: EIP-1193. */
import { type Troupe, TroupeError } from 'troupe'
import { RPC_ERROR_NUMBERS, RpcError } from './errors.ts'
import { createRpc, type Rpc, type RpcOptions } from './rpc.ts'
import { toQuantity } from './text/hex.ts'

/** What a provider is asked. */
export interface ProviderRequest {
  readonly method: string
  readonly params?: readonly unknown[] | object | undefined
}

/** What a provider tells without being asked, by the names of EIP-1193. */
export interface ProviderEvents {
  connect: { readonly chainId: string }
  disconnect: ProviderRpcError
  chainChanged: string
  accountsChanged: readonly string[]
  message: {
    readonly type: 'eth_subscription'
    readonly data: { readonly subscription: string; readonly result: unknown }
  }
}

/** An error of a provider: what libraries look at is the number of its `code`, and `data`. */
export class ProviderRpcError extends Error {
  /** Of EIP-1193, EIP-1474 or JSON-RPC. */
  readonly code: number
  readonly data: unknown

  constructor(error: RpcError) {
    super(error.message, { cause: error })
    this.name = 'ProviderRpcError'
    this.code =
      error.code === 'rpc/unknown-method' ? RPC_ERROR_NUMBERS['provider/unsupported-method'] : error.number
    this.data = error.data
  }
}

type Listener<E extends keyof ProviderEvents> = (value: ProviderEvents[E]) => void

/** Listeners of one kind of event. */
const MAX_LISTENERS = 1000

/** A provider of EIP-1193 for a chain in the same process. */
export class ChainProvider {
  readonly #rpc: Rpc
  readonly #session: ReturnType<Rpc['openSession']>
  readonly #listeners = new Map<string, Set<Listener<never>>>()
  #isConnected = false

  constructor(vm: Troupe, options?: RpcOptions) {
    this.#rpc = createRpc(vm, {
      ...options,
      onReset: () => this.#emit('chainChanged', toQuantity(vm.chain.rules.chainId)),
    })
    this.#session = this.#rpc.openSession({
      notify: ({ params }) => this.#emit('message', { type: 'eth_subscription', data: params }),
    })
  }

  /** Asks for something. @throws {ProviderRpcError} */
  readonly request = async ({ method, params = [] }: ProviderRequest): Promise<unknown> => {
    if (!Array.isArray(params))
      throw new ProviderRpcError(
        new RpcError('rpc/invalid-params', 'parameters are a list here, not an object'),
      )
    try {
      const result = await this.#rpc.call(method, params, this.#session)
      this.#connect(method, result)
      return result
    } catch (error) {
      throw this.#failure(error)
    }
  }

  /** Calls a function with every event of a kind, until it is removed. */
  on<E extends keyof ProviderEvents>(event: E, listener: Listener<E>): this {
    const listeners = this.#listeners.get(event) ?? new Set()
    if (listeners.size >= MAX_LISTENERS && !listeners.has(listener as Listener<never>))
      throw new RpcError('rpc/limit', `an event has at most ${MAX_LISTENERS} listeners`)
    listeners.add(listener as Listener<never>)
    this.#listeners.set(event, listeners)
    return this
  }

  removeListener<E extends keyof ProviderEvents>(event: E, listener: Listener<E>): this {
    this.#listeners.get(event)?.delete(listener as Listener<never>)
    return this
  }

  /** Frees filters and subscriptions. The chain stays open. */
  close(): void {
    this.#rpc.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  /** Connected is who was answered once. */
  #connect(method: string, result: unknown): void {
    if (!this.#isConnected) {
      this.#isConnected = true
      this.#emit('connect', { chainId: toQuantity(this.#rpc.chainId) })
    }
    if (method === 'eth_requestAccounts') this.#emit('accountsChanged', result as readonly string[])
  }

  #failure(error: unknown): unknown {
    if (!(error instanceof RpcError)) return error
    const isClosed = error.cause instanceof TroupeError && error.cause.code === 'troupe/closed'
    if (!isClosed) return new ProviderRpcError(error)
    const disconnected = new ProviderRpcError(
      new RpcError('provider/disconnected', error.message, { cause: error }),
    )
    if (this.#isConnected) {
      this.#isConnected = false
      this.#emit('disconnect', disconnected)
    }
    return disconnected
  }

  #emit<E extends keyof ProviderEvents>(event: E, value: ProviderEvents[E]): void {
    for (const listener of this.#listeners.get(event) ?? []) {
      try {
        ;(listener as Listener<E>)(value)
      } catch (error) {
        // What a listener does is its own; others are told all the same, and the block goes on.
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }
}

/** A provider of EIP-1193 for a chain in the same process: `custom(provider)` of viem, `new BrowserProvider(provider)` of ethers. */
export function createProvider(vm: Troupe, options?: RpcOptions): ChainProvider {
  return new ChainProvider(vm, options)
}
