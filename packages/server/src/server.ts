import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { Gate } from './access/gate.ts'
import { isLoopback, urlHost } from './access/host.ts'
import { checkToken } from './access/token.ts'
import type { StrangerAccess } from './calls/access.ts'
import { Dispatcher } from './calls/dispatcher.ts'
import type { Endpoint } from './endpoint/endpoint.ts'
import { ServerError } from './errors.ts'
import { HttpHandler } from './http/http-handler.ts'
import { StatusPages } from './http/status-pages.ts'
import { limitsWith, type ServerLimits } from './limits.ts'
import type { ServerLog } from './log.ts'
import { ServerMetrics } from './metrics/server-metrics.ts'
import { SocketHandler } from './socket/socket-handler.ts'
import { Connections } from './traffic/connections.ts'
import { MemoryBudget } from './traffic/memory-budget.ts'
import { RateLimiter } from './traffic/rate-limiter.ts'

/** How a chain is served. */
export interface ServerOptions {
  /** Where calls are answered. */
  readonly endpoint: Endpoint
  /** The address to listen on. One that others reach takes a token. Default: 127.0.0.1. */
  readonly host?: string
  /** 0 for any that is free. Default: {@link DEFAULT_PORT}. */
  readonly port?: number
  /** Whoever shows it (`Authorization: Bearer …`) may call everything; others what `strangers` says. Default: none, and then everybody may. */
  readonly token?: string | undefined
  /** What may be called without the token. Default: `read`. */
  readonly strangers?: StrangerAccess
  /** Origins of web pages that may call, `*` for all. Default: none but the server's own. */
  readonly origins?: readonly string[]
  /** Names under which a server on this machine may be called, besides `localhost` and the like. */
  readonly names?: readonly string[]
  /** Default: `SERVER_LIMITS`, each for itself. */
  readonly limits?: Partial<ServerLimits>
  /** Told of every call, and of what is refused. Default: nobody is. */
  readonly log?: ServerLog
}

/** The port that Ethereum's tools expect. */
export const DEFAULT_PORT = 8545
const LOOPBACK = '127.0.0.1'
const MAX_PORT = 65_535
/** Milliseconds between looks at connections whose clients may be too slow. */
const CHECK_MS = 1_000

/** Parts of a server that is being made. */
interface ServerParts {
  readonly http: Server
  readonly handler: HttpHandler
  readonly sockets: SocketHandler
  readonly pages: StatusPages
  readonly metrics: ServerMetrics
  readonly limits: ServerLimits
  readonly log: ServerLog
  readonly host: string
}

/** A chain's JSON-RPC over HTTP and WebSocket, on one port. Made by {@link startServer}. */
export class RpcServer implements AsyncDisposable {
  readonly host: string
  readonly port: number
  /** `http://127.0.0.1:8545`. */
  readonly url: string
  readonly #parts: ServerParts
  #closing: Promise<void> | undefined

  /** @internal */
  constructor(parts: ServerParts) {
    this.#parts = parts
    this.host = parts.host
    this.port = (parts.http.address() as AddressInfo).port
    this.url = `http://${urlHost(parts.host)}:${this.port}`
  }

  /** Takes no more requests, lets those that run finish within `closeMs`, and closes all connections. The chain stays open. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  /** Closes at once, whatever runs. */
  kill(): Promise<void> {
    const closed = this.close()
    this.#endAll()
    return closed
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    const { handler, http, limits, log, metrics, pages, sockets } = this.#parts
    log({ level: 'info', event: 'closing', url: this.url })
    handler.closing()
    pages.closing()
    const { promise, resolve } = Promise.withResolvers<void>()
    http.close(() => resolve())
    sockets.close()
    const timer = setTimeout(() => this.#endAll(), limits.closeMs)
    await promise
    clearTimeout(timer)
    sockets.terminate()
    metrics.close()
    log({ level: 'info', event: 'closed', url: this.url })
  }

  #endAll(): void {
    this.#parts.http.closeAllConnections()
    this.#parts.sockets.terminate()
  }
}

/**
 * Serves a chain.
 * @throws {ServerError} server/token-required, server/bad-option, server/address
 */
export async function startServer(options: ServerOptions): Promise<RpcServer> {
  const {
    endpoint,
    host = LOOPBACK,
    log = () => undefined,
    names = [],
    origins = [],
    port = DEFAULT_PORT,
  } = options
  const { strangers = 'read', token } = options
  const limits = limitsWith(options.limits)
  if (!(Number.isInteger(port) && port >= 0 && port <= MAX_PORT))
    throw new ServerError('server/bad-option', `port: ${port} is not from 0 to ${MAX_PORT}`)
  if (token !== undefined) checkToken(token)
  else if (!isLoopback(host))
    throw new ServerError(
      'server/token-required',
      `others reach ${host}: without a token everybody could do everything with this chain`,
    )

  const metrics = new ServerMetrics()
  const connections = new Connections(limits.connections)
  const budget = new MemoryBudget(limits.memoryBytes)
  const limiter = new RateLimiter(limits)
  const gate = new Gate({ host, names, origins, strangers, token })
  const dispatcher = new Dispatcher({ endpoint, limiter, limits, log, metrics })
  const pages = new StatusPages(endpoint, metrics)
  const common = { budget, connections, dispatcher, gate, limits, log, metrics }
  const handler = new HttpHandler({ ...common, limiter, pages })
  const sockets = new SocketHandler({ ...common, endpoint })
  const http = createServer({
    connectionsCheckingInterval: Math.min(CHECK_MS, limits.headersMs, limits.requestMs),
    headersTimeout: Math.min(limits.headersMs, limits.requestMs),
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.idleMs,
    maxHeaderSize: limits.headerBytes,
    noDelay: true,
  })
  http.on('connection', (socket: Socket) => {
    const outcome = connections.admit(socket)
    if (outcome !== 'admitted') metrics.rejected(outcome === 'full' ? 'connections' : 'displaced')
    metrics.connections('http', connections.size - sockets.size)
    socket.once('close', () => metrics.connections('http', connections.size - sockets.size))
  })
  http.on('request', (request, response) => void handler.handle(request, response))
  http.on('upgrade', (request, socket, head) => sockets.upgrade(request, socket, head))
  http.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const status = CLIENT_ERRORS[error.code ?? ''] ?? '400 Bad Request'
    if (error.code !== 'ECONNRESET')
      metrics.rejected(error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'slow' : 'http')
    const text = `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`
    if (socket.writable) socket.end(text, () => socket.destroy())
    else socket.destroy()
  })
  await listen(http, host, port)
  const server = new RpcServer({ handler, host, http, limits, log, metrics, pages, sockets })
  log({ level: 'info', event: 'listening', url: server.url })
  return server
}

/** What is answered where no request could be read. */
const CLIENT_ERRORS: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
}

function listen(http: Server, host: string, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  http.once('error', (cause) =>
    reject(new ServerError('server/address', `nothing can listen on ${urlHost(host)}:${port}`, { cause })),
  )
  http.listen(port, host, () => resolve())
  return promise
}
