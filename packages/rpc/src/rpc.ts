import { CodedError } from '@troupe/crypto'
import type { Troupe } from 'troupe'
import { RpcError } from './errors.ts'
import { type ConsoleLine, RpcHost } from './host.ts'
import { RPC_LIMITS, type RpcLimits } from './limits.ts'
import type { MethodDescription } from './method.ts'
import { METHODS } from './methods/methods.ts'
import type { Json } from './protocol/json.ts'
import { errorResponse, idOf, type RpcResponse, readRequest } from './protocol/messages.ts'
import { toRpcError } from './protocol/to-rpc-error.ts'
import { type RpcCaller, RpcSession, type SessionOptions } from './session.ts'

/** How a chain is asked. */
export interface RpcOptions {
  /** What `web3_clientVersion` says. */
  readonly clientVersion?: string
  /** Default: `RPC_LIMITS`, each for itself. */
  readonly limits?: Partial<RpcLimits>
  /** Milliseconds, for what expires. Default: the host's clock. */
  readonly now?: () => number
  /** Called where the chain begins anew (`hardhat_reset`): what callers remember of it is void. */
  readonly onReset?: () => void
  /** Told what contracts say by `console.log` of Hardhat and Foundry, in transactions and in calls. */
  readonly onConsole?: (line: ConsoleLine) => void
  /** Told of what no caller is to blame for: a bug, or a store that cannot answer. Callers only hear that the host failed. */
  readonly onFailure?: (error: unknown, method: string) => void
}

/** A chain that can be asked by JSON-RPC. */
export interface Rpc {
  /** What there is to be asked, by name. */
  readonly methods: ReadonlyMap<string, MethodDescription>
  readonly limits: RpcLimits
  /** EIP-155. */
  readonly chainId: bigint
  /**
   * Answers a request, or a batch of them, one after the other. Never rejects: whatever is wrong is in the answer.
   * @param request what `JSON.parse` gave
   * @param session whose filters and subscriptions they are. Default: one that all callers without a session share
   * @param client who it is of those that share it, each of whom has a share of the filters. Default: nobody in particular
   * @returns `undefined` for notifications, which have no answer
   */
  handle(
    request: unknown,
    session?: RpcSession,
    client?: string,
  ): Promise<RpcResponse | readonly RpcResponse[] | undefined>
  /** Calls one method. @throws {RpcError} */
  call(method: string, parameters?: readonly unknown[], session?: RpcSession, client?: string): Promise<Json>
  /** A caller of its own. It has to be closed. */
  openSession(options?: SessionOptions): RpcSession
  /** Closes all sessions. The chain stays open. */
  close(): void
}

/** Stands for callers of whom nothing is known. */
const NOBODY = ''
const DEFAULT_CLIENT_VERSION = 'Troupe/0.0.0'

/** Lets a chain be asked by JSON-RPC. What carries the requests is up to the caller. */
export function createRpc(vm: Troupe, options: RpcOptions = {}): Rpc {
  return new ChainRpc(vm, options)
}

class ChainRpc implements Rpc {
  readonly methods: ReadonlyMap<string, MethodDescription> = METHODS
  readonly limits: RpcLimits
  readonly chainId: bigint
  readonly #host: RpcHost
  readonly #onFailure: RpcOptions['onFailure']
  readonly #shared = new RpcSession()
  readonly #sessions = new Set<RpcSession>([this.#shared])

  constructor(
    vm: Troupe,
    {
      clientVersion = DEFAULT_CLIENT_VERSION,
      limits,
      now = Date.now,
      onConsole,
      onFailure,
      onReset = () => {},
    }: RpcOptions,
  ) {
    this.limits = { ...RPC_LIMITS, ...limits }
    this.chainId = vm.chain.rules.chainId
    this.#host = new RpcHost({
      vm,
      limits: this.limits,
      clientVersion,
      now,
      onConsole,
      onReset,
      onFailure: (error) => onFailure?.(error, 'eth_subscription'),
    })
    this.#onFailure = onFailure
  }

  async handle(
    request: unknown,
    session?: RpcSession,
    client = NOBODY,
  ): Promise<RpcResponse | readonly RpcResponse[] | undefined> {
    const caller = { session: session ?? this.#shared, client }
    if (!Array.isArray(request)) return this.#answer(request, caller)
    const { batch } = this.limits
    if (request.length === 0 || request.length > batch) {
      const what = `a batch has 1 to ${batch} requests, not ${request.length}`
      return errorResponse(
        null,
        new RpcError(request.length > batch ? 'rpc/limit' : 'rpc/invalid-request', what),
      )
    }
    const responses: RpcResponse[] = []
    for (const entry of request) {
      const response = await this.#answer(entry, caller)
      if (response !== undefined) responses.push(response)
    }
    return responses.length === 0 ? undefined : responses
  }

  async call(
    name: string,
    parameters: readonly unknown[] = [],
    session: RpcSession = this.#shared,
    client: string = NOBODY,
  ): Promise<Json> {
    const method = METHODS.get(name)
    if (method === undefined)
      throw new RpcError('rpc/unknown-method', `there is no method ${JSON.stringify(name.slice(0, 100))}`)
    try {
      return await method.call(this.#host, parameters, { session, client })
    } catch (error) {
      throw this.#asRpcError(error, name)
    }
  }

  openSession(options?: SessionOptions): RpcSession {
    const session = new RpcSession({ ...options, onClose: () => this.#sessions.delete(session) })
    this.#sessions.add(session)
    return session
  }

  close(): void {
    for (const session of [...this.#sessions]) session.close()
    this.#host.close()
  }

  async #answer(value: unknown, { client, session }: RpcCaller): Promise<RpcResponse | undefined> {
    try {
      const { id, method, params } = readRequest(value)
      try {
        const result = await this.call(method, params, session, client)
        return id === undefined ? undefined : { jsonrpc: '2.0', id, result }
      } catch (error) {
        return id === undefined ? undefined : errorResponse(id, this.#asRpcError(error, method))
      }
    } catch (error) {
      return errorResponse(idOf(value), this.#asRpcError(error, ''))
    }
  }

  /** What the chain refuses becomes an answer with its code; what the host fails with is nobody's business outside. */
  #asRpcError(error: unknown, method: string): RpcError {
    if (error instanceof CodedError) return toRpcError(error)
    this.#onFailure?.(error, method)
    return new RpcError('rpc/internal', 'the host failed', { cause: error })
  }
}
