import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Gate } from '../access/gate.ts'
import type { Permission } from '../calls/access.ts'
import { RPC_PATHS } from '../http/http-handler.ts'
import type { RejectionReason } from '../metrics/server-metrics.ts'
import type { Connections } from '../traffic/connections.ts'
import { SocketConnection, type SocketParts } from './socket-connection.ts'

/** What a {@link SocketHandler} works with. */
export interface SocketHandlerParts extends SocketParts {
  readonly gate: Gate
  readonly connections: Connections
}

/** Milliseconds between looks at all sockets; less where a limit is shorter. */
const SWEEP_MS = 1_000
/** Chunks of the network and fragments of a message that may wait for the rest of it. */
const MAX_PARTS = 4_096

/** Answers WebSockets: takes them over from HTTP, and watches over them. */
export class SocketHandler {
  readonly #parts: SocketHandlerParts
  readonly #server: WebSocketServer
  readonly #open = new Set<SocketConnection>()
  readonly #timer: NodeJS.Timeout
  #pingedAt = performance.now()
  #isClosing = false

  constructor(parts: SocketHandlerParts) {
    this.#parts = parts
    const { pingMs, requestMs, socketMessageBytes } = parts.limits
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      maxPayload: socketMessageBytes,
      maxBufferedChunks: MAX_PARTS,
      maxFragments: MAX_PARTS,
      // What is compressed may be a thousand times longer than it looks.
      perMessageDeflate: false,
    })
    this.#timer = setInterval(() => this.#sweep(), Math.min(SWEEP_MS, pingMs, requestMs))
    this.#timer.unref()
  }

  get size(): number {
    return this.#open.size
  }

  /** Takes over a connection that asks for a WebSocket. */
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const { gate, limits } = this.#parts
    const onError = (): void => void stream.destroy()
    stream.on('error', onError)
    const admission = gate.admit(request)
    const path = (request.url ?? '').split('?', 1)[0] as string
    if ('status' in admission) this.#refuse(request, stream, admission.status, admission.reason)
    else if (!RPC_PATHS.includes(path)) this.#refuse(request, stream, 404, 'http')
    else if (this.#isClosing || this.#open.size >= limits.sockets)
      this.#refuse(request, stream, 503, 'sockets')
    else
      this.#server.handleUpgrade(request, stream, head, (ws) => {
        stream.off('error', onError)
        this.#take(ws, stream, request.socket.remoteAddress ?? '', admission)
      })
  }

  /** Takes no more, and closes each once what runs is answered. */
  close(): void {
    this.#isClosing = true
    for (const connection of this.#open) connection.close()
  }

  /** Ends all that are still open. */
  terminate(): void {
    clearInterval(this.#timer)
    for (const connection of this.#open) connection.terminate()
  }

  #take(ws: WebSocket, stream: Duplex, address: string, { isTrusted, strangers }: Permission): void {
    const { connections, metrics } = this.#parts
    connections.busy(stream)
    const connection = new SocketConnection(this.#parts, ws, stream, address, { isTrusted, strangers })
    const count = (): void => metrics.connections('websocket', this.#open.size)
    this.#open.add(connection)
    count()
    ws.once('close', () => {
      this.#open.delete(connection)
      count()
    })
  }

  #sweep(): void {
    const now = performance.now()
    const isPingDue = now - this.#pingedAt >= this.#parts.limits.pingMs
    if (isPingDue) this.#pingedAt = now
    for (const connection of this.#open) connection.check(now, isPingDue)
  }

  #refuse(request: IncomingMessage, stream: Duplex, status: number, reason: RejectionReason): void {
    const { log, metrics } = this.#parts
    metrics.rejected(reason)
    const client = request.socket.remoteAddress ?? ''
    log({ level: 'warn', event: 'refused', transport: 'websocket', client, status, reason })
    const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, 'connection: close', 'content-length: 0']
    if (status === 401) lines.push('www-authenticate: Bearer')
    stream.end(`${lines.join('\r\n')}\r\n\r\n`, () => stream.destroy())
  }
}
