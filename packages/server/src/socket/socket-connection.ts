import type { Duplex } from 'node:stream'
import type { RawData, WebSocket } from 'ws'
import type { Permission } from '../calls/access.ts'
import type { Dispatcher } from '../calls/dispatcher.ts'
import type { Endpoint, EndpointSession } from '../endpoint/endpoint.ts'
import type { ServerLimits } from '../limits.ts'
import type { ServerLog } from '../log.ts'
import type { ServerMetrics } from '../metrics/server-metrics.ts'
import type { MemoryBudget } from '../traffic/memory-budget.ts'

/** What WebSockets have in common. */
export interface SocketParts {
  readonly endpoint: Endpoint
  readonly dispatcher: Dispatcher
  readonly limits: ServerLimits
  readonly budget: MemoryBudget
  readonly metrics: ServerMetrics
  readonly log: ServerLog
}

/** Numbers that a WebSocket is closed with. Source: RFC 6455, 7.4.1. */
const CLOSE_STATUS = { goingAway: 1001, policy: 1008, tryLater: 1013 } as const

/** Bytes of a control frame of a client before its payload: two of the header, four of the mask. */
const CONTROL_FRAME_BYTES = 6

/** One WebSocket: a caller with subscriptions of its own, who has to keep up. */
export class SocketConnection {
  readonly #parts: SocketParts
  readonly #ws: WebSocket
  readonly #stream: Duplex & { readonly bytesRead?: number }
  readonly #address: string
  readonly #permission: Permission
  readonly #session: EndpointSession
  /** Messages that came when too many were answered already. */
  readonly #waiting: Buffer[] = []
  #running = 0
  #isClosing = false
  /** Whether the last ping was answered. */
  #isAlive = true
  /** What of the stream belongs to whole messages, and when the first byte after that was seen. */
  #settledBytes: number
  #startedAt: number | undefined

  constructor(parts: SocketParts, ws: WebSocket, stream: Duplex, address: string, permission: Permission) {
    this.#parts = parts
    this.#ws = ws
    this.#stream = stream
    this.#address = address
    this.#permission = permission
    this.#settledBytes = this.#bytesRead
    this.#session = parts.endpoint.openSession((text) => this.#send(text))
    ws.on('message', (data: RawData) => this.#take(data as Buffer))
    ws.on('pong', (data: Buffer) => {
      this.#isAlive = true
      this.#settledBytes += CONTROL_FRAME_BYTES + data.length
    })
    ws.on('ping', (data: Buffer) => {
      this.#settledBytes += CONTROL_FRAME_BYTES + data.length
    })
    // What is wrong with a frame closes the socket; there is nobody else to tell.
    ws.on('error', () => parts.metrics.rejected('malformed'))
    ws.on('close', () => {
      this.#forget()
      this.#session.close()
    })
  }

  get #bytesRead(): number {
    return this.#stream.bytesRead ?? 0
  }

  /** Cuts it off where its client does not answer pings, or is too slow. @param isPingDue whether it is asked again now */
  check(now: number, isPingDue: boolean): void {
    const { requestMs } = this.#parts.limits
    if (this.#bytesRead <= this.#settledBytes) this.#startedAt = undefined
    else this.#startedAt ??= now
    // It is the server that does not read on.
    if (this.#ws.isPaused) return
    const isSlow = this.#startedAt !== undefined && now - this.#startedAt > requestMs
    if (isSlow || (isPingDue && !this.#isAlive)) this.#cutOff('slow')
    else if (isPingDue) {
      this.#isAlive = false
      this.#ws.ping()
    }
  }

  /** Takes no more calls, and closes once those that run are answered. */
  close(): void {
    this.#isClosing = true
    this.#forget()
    this.#closeWhenIdle()
  }

  terminate(): void {
    this.#ws.terminate()
  }

  /** Takes a message. Where too many are answered already, it waits: a piece of the network may have more of them than were asked for. */
  #take(data: Buffer): void {
    const { budget, limits } = this.#parts
    this.#settledBytes = this.#bytesRead
    this.#startedAt = undefined
    if (this.#isClosing) return
    if (!budget.take(data.length)) this.#cutOff('memory')
    else if (this.#running < limits.socketRequests) void this.#answer(data)
    else {
      this.#waiting.push(data)
      this.#ws.pause()
    }
  }

  async #answer(data: Buffer): Promise<void> {
    const { budget, dispatcher, log } = this.#parts
    this.#running++
    try {
      const caller = { transport: 'websocket', address: this.#address, session: this.#session } as const
      const { text } = await dispatcher.dispatch(data, { ...caller, ...this.#permission })
      if (text !== undefined) this.#send(text)
    } catch (error) {
      log({ level: 'error', event: 'failure', error })
      this.#ws.close(CLOSE_STATUS.goingAway)
    } finally {
      budget.give(data.length)
      this.#running--
      this.#next()
    }
  }

  #next(): void {
    const next = this.#waiting.shift()
    if (next !== undefined) void this.#answer(next)
    else if (this.#ws.isPaused) this.#ws.resume()
    this.#closeWhenIdle()
  }

  /** What waits is not answered any more once the socket is closed, or is to be. */
  #forget(): void {
    for (const { length } of this.#waiting.splice(0)) this.#parts.budget.give(length)
  }

  /** Sends something, unless the client is too far behind: then it is cut off, because leaving something out would be worse. */
  #send(text: string): void {
    const { budget, limits } = this.#parts
    if (this.#ws.readyState !== this.#ws.OPEN) return
    const bytes = Buffer.from(text)
    if (this.#ws.bufferedAmount > limits.socketUnreadBytes) this.#cutOff('slow')
    else if (!budget.take(bytes.length)) this.#cutOff('memory')
    else this.#ws.send(bytes, { binary: false }, () => budget.give(bytes.length))
  }

  #cutOff(reason: 'slow' | 'memory'): void {
    const { log, metrics } = this.#parts
    metrics.rejected(reason)
    log({
      ...{ level: 'warn', event: 'refused', transport: 'websocket', client: this.#address, reason },
      status: reason === 'slow' ? CLOSE_STATUS.policy : CLOSE_STATUS.tryLater,
    })
    // A closing handshake would have to wait for the same client.
    this.#ws.terminate()
  }

  #closeWhenIdle(): void {
    if (this.#isClosing && this.#running === 0) this.#ws.close(CLOSE_STATUS.goingAway, 'the server is closed')
  }
}
