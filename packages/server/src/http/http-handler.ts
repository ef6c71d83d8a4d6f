import type { IncomingMessage, ServerResponse } from 'node:http'
import { RpcError } from '@troupe/rpc/errors'
import type { Gate } from '../access/gate.ts'
import { corsHeaders, preflightHeaders } from '../access/origin.ts'
import type { Dispatcher, DispatchResult } from '../calls/dispatcher.ts'
import { errorAnswer, limitError } from '../calls/error-answer.ts'
import type { ServerLimits } from '../limits.ts'
import type { ServerLog } from '../log.ts'
import type { RejectionReason, ServerMetrics } from '../metrics/server-metrics.ts'
import type { Connections } from '../traffic/connections.ts'
import type { MemoryBudget } from '../traffic/memory-budget.ts'
import type { RateLimiter } from '../traffic/rate-limiter.ts'
import { readBody } from './read-body.ts'
import type { StatusPages } from './status-pages.ts'

/** What an {@link HttpHandler} works with. */
export interface HttpHandlerParts {
  readonly dispatcher: Dispatcher
  readonly gate: Gate
  readonly pages: StatusPages
  readonly limits: ServerLimits
  readonly budget: MemoryBudget
  readonly connections: Connections
  readonly limiter: RateLimiter
  readonly metrics: ServerMetrics
  readonly log: ServerLog
}

/** Where calls are taken: where Ethereum's tools send them, and where Filecoin's do. */
export const RPC_PATHS: readonly string[] = ['/', '/rpc/v0', '/rpc/v1']

/** Status of HTTP for a request of which nothing was run. */
const STATUS: Readonly<Record<NonNullable<DispatchResult['refused']>, number>> = {
  malformed: 400,
  rate: 429,
  busy: 503,
  unauthorized: 401,
}
/** Seconds after which a client may come again, where nothing better is known. */
const RETRY_SECONDS = 1

/** Answers requests of HTTP. */
export class HttpHandler {
  readonly #parts: HttpHandlerParts
  #isClosing = false

  constructor(parts: HttpHandlerParts) {
    this.#parts = parts
  }

  /** From now on every connection ends with the answer that it waits for. */
  closing(): void {
    this.#isClosing = true
  }

  /** Answers one request. Never rejects. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { connections, log } = this.#parts
    response.on('close', () => connections.idle(request.socket))
    response.on('error', () => response.destroy())
    try {
      await this.#route(request, response)
    } catch (error) {
      log({ level: 'error', event: 'failure', error })
      if (!response.headersSent)
        this.#refuse(request, response, 500, undefined, new RpcError('rpc/internal', 'the host failed'))
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { gate, limiter, pages } = this.#parts
    const admission = gate.admit(request)
    if ('status' in admission) {
      const { message, reason, status } = admission
      return this.#refuse(request, response, status, reason, new RpcError('rpc/unauthorized', message))
    }
    for (const [name, value] of Object.entries(corsHeaders(admission.origin))) response.setHeader(name, value)
    const path = (request.url ?? '').split('?', 1)[0] as string
    const page = pages.find(path)
    const allowed = page !== undefined ? ['GET', 'HEAD'] : RPC_PATHS.includes(path) ? ['POST', 'OPTIONS'] : []
    if (allowed.length === 0)
      return this.#refuse(
        request,
        response,
        404,
        'http',
        new RpcError('rpc/invalid-request', 'nothing is here'),
      )
    if (!allowed.includes(request.method ?? '')) {
      response.setHeader('allow', allowed.join(', '))
      const what = page === undefined ? 'calls are sent by POST' : 'this is for reading'
      return this.#refuse(request, response, 405, 'http', new RpcError('rpc/invalid-request', what))
    }
    if (page !== undefined) {
      const waitMs = limiter.take(request.socket.remoteAddress ?? '', 1)
      if (waitMs > 0) {
        retryAfter(response, waitMs / 1000)
        return this.#refuse(request, response, 429, 'rate', limitError('too many requests; wait a little'))
      }
      const { body, status, type } = await page()
      return this.#send(request, response, status, body, type)
    }
    if (request.method === 'OPTIONS') {
      response.writeHead(204, preflightHeaders(admission.origin)).end()
      return
    }
    await this.#call(request, response, admission)
  }

  async #call(
    request: IncomingMessage,
    response: ServerResponse,
    permission: Pick<Parameters<Dispatcher['dispatch']>[1], 'isTrusted' | 'strangers'>,
  ): Promise<void> {
    const { budget, connections, dispatcher, limits } = this.#parts
    if (!['identity', undefined].includes(request.headers['content-encoding']))
      return this.#refuse(
        request,
        response,
        415,
        'http',
        new RpcError('rpc/invalid-request', 'bodies are not compressed here'),
      )
    const body = await readBody(request, limits.bodyBytes, budget)
    if ('failed' in body) {
      if (body.failed === 'aborted') return
      const [status, error, reason] =
        body.failed === 'length'
          ? ([413, limitError(`a request has at most ${limits.bodyBytes} bytes`), 'body'] as const)
          : ([503, limitError('the server has no memory for this at present'), 'memory'] as const)
      return this.#refuse(request, response, status, reason, error)
    }
    connections.busy(request.socket)
    try {
      const { address, session } = { address: request.socket.remoteAddress ?? '', session: undefined }
      const { refused, retrySeconds, text } = await dispatcher.dispatch(body.bytes, {
        ...{ transport: 'http', address, session },
        ...{ isTrusted: permission.isTrusted, strangers: permission.strangers },
      })
      if (refused === 'rate' || refused === 'busy') retryAfter(response, retrySeconds)
      const status = refused === undefined ? 200 : STATUS[refused]
      if (text === undefined) this.#send(request, response, 204, undefined)
      else this.#send(request, response, status, text)
    } finally {
      body.release()
    }
  }

  #refuse(
    request: IncomingMessage,
    response: ServerResponse,
    status: number,
    reason: RejectionReason | undefined,
    error: RpcError,
  ): void {
    const { log, metrics } = this.#parts
    if (reason !== undefined) {
      metrics.rejected(reason)
      const client = request.socket.remoteAddress ?? ''
      log({ level: 'warn', event: 'refused', transport: 'http', client, status, reason })
    }
    if (status === 401) response.setHeader('www-authenticate', 'Bearer')
    if (status === 503) retryAfter(response)
    // What is still to come of the request is not read.
    if (!request.complete) response.shouldKeepAlive = false
    this.#send(request, response, status, errorAnswer(undefined, error).text)
  }

  /** Sends an answer, for which there has to be memory until the client has read it; it has only so long to do so. */
  #send(
    request: IncomingMessage,
    response: ServerResponse,
    status: number,
    text: string | undefined,
    type = 'application/json',
  ): void {
    const { budget, limits, metrics } = this.#parts
    if (response.destroyed || response.writableEnded) return
    if (this.#isClosing) response.shouldKeepAlive = false
    if (text === undefined) {
      response.writeHead(status).end()
      return
    }
    const bytes = Buffer.from(text)
    if (!budget.take(bytes.length)) {
      metrics.rejected('memory')
      const error = limitError('the server has no memory for the answer at present')
      retryAfter(response)
      response.writeHead(503, { 'content-type': 'application/json' }).end(errorAnswer(undefined, error).text)
      return
    }
    const timer = setTimeout(() => {
      metrics.rejected('slow')
      request.socket.destroy()
    }, limits.answerMs)
    response.once('close', () => {
      clearTimeout(timer)
      budget.give(bytes.length)
    })
    response.writeHead(status, { 'content-type': type, 'content-length': bytes.length })
    response.end(request.method === 'HEAD' ? undefined : bytes)
  }
}

function retryAfter(response: ServerResponse, seconds: number = RETRY_SECONDS): void {
  if (Number.isFinite(seconds))
    response.setHeader('retry-after', String(Math.max(RETRY_SECONDS, Math.ceil(seconds))))
}
