import { RpcError } from '@troupe/rpc/errors'
import type { Answer, Endpoint, EndpointSession } from '../endpoint/endpoint.ts'
import type { ServerLimits } from '../limits.ts'
import type { ServerLog } from '../log.ts'
import type { ServerMetrics } from '../metrics/server-metrics.ts'
import { clientKey, type RateLimiter } from '../traffic/rate-limiter.ts'
import { type Permission, refusal } from './access.ts'
import { errorAnswer, limitError } from './error-answer.ts'
import { type ReadCalls, readCalls } from './read-calls.ts'

/** Who makes calls. */
export interface Caller extends Permission {
  readonly transport: 'http' | 'websocket'
  /** Its address, as the host has it. */
  readonly address: string
  readonly session: EndpointSession | undefined
}

/** What becomes of a request. */
export interface DispatchResult {
  /** What to send back; `undefined` for notifications. */
  readonly text: string | undefined
  /** Why nothing of the request was run, where that is so. */
  readonly refused?: 'malformed' | 'rate' | 'busy' | 'unauthorized'
  /** With `rate`, the seconds after which it may be tried again; infinite where it never may. */
  readonly retrySeconds?: number
}

/** What a {@link Dispatcher} works with. */
export interface DispatcherParts {
  readonly endpoint: Endpoint
  readonly limits: ServerLimits
  readonly limiter: RateLimiter
  readonly metrics: ServerMetrics
  readonly log: ServerLog
}

/** What a method is called where there is none, so that nobody can make names at will. */
const UNKNOWN_METHOD = 'unknown'

/** Has requests answered, whatever carries them: within the limits, and counted. */
export class Dispatcher {
  readonly #parts: DispatcherParts
  #running = 0

  constructor(parts: DispatcherParts) {
    this.#parts = parts
  }

  /** Requests that are answered at present. */
  get running(): number {
    return this.#running
  }

  /** Answers a request: a call, or a batch, one call after the other so that others get their turn in between. */
  async dispatch(bytes: Uint8Array, caller: Caller): Promise<DispatchResult> {
    const { limiter, limits, metrics } = this.#parts
    let read: ReadCalls
    try {
      read = readCalls(bytes, limits)
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
      return this.#refuse('malformed', error)
    }
    const waitMs = limiter.take(caller.address, read.calls.length)
    if (waitMs > 0)
      return {
        ...this.#refuse('rate', limitError('too many calls; wait a little')),
        retrySeconds: waitMs / 1000,
      }
    if (this.#running >= limits.runningRequests)
      return this.#refuse('busy', limitError('too many requests at once'))
    this.#running++
    metrics.running(this.#running)
    try {
      return await this.#run(read, caller)
    } finally {
      this.#running--
      metrics.running(this.#running)
    }
  }

  /** What a request is answered that is not run. */
  #refuse(refused: 'malformed' | 'rate' | 'busy', error: RpcError): DispatchResult {
    this.#parts.metrics.rejected(refused)
    return { text: errorAnswer(null, error).text, refused }
  }

  async #run({ calls, isBatch }: ReadCalls, caller: Caller): Promise<DispatchResult> {
    const { answerBytes } = this.#parts.limits
    const texts: string[] = []
    let length = 0
    let unauthorized = 0
    for (const call of calls) {
      const { answer, isRefused } = await this.#answer(call, caller)
      if (isRefused) unauthorized++
      if (answer === undefined) continue
      length += answer.text.length
      // What was asked after that is not run: nobody would learn what became of it.
      if (length > answerBytes) {
        texts.push(errorAnswer(call, tooLong(answerBytes)).text)
        break
      }
      texts.push(answer.text)
    }
    if (texts.length === 0) return { text: undefined }
    const text = isBatch ? `[${texts.join(',')}]` : texts[0]
    return unauthorized === calls.length ? { text, refused: 'unauthorized' } : { text }
  }

  async #answer(call: unknown, caller: Caller): Promise<{ answer: Answer | undefined; isRefused: boolean }> {
    const { endpoint, log, metrics } = this.#parts
    const start = performance.now()
    const named = typeof call === 'object' && call !== null && 'method' in call ? call.method : undefined
    const method = typeof named === 'string' && endpoint.methods.has(named) ? named : UNKNOWN_METHOD
    const error = refusal(endpoint, named, caller)
    const answer =
      error === undefined
        ? await endpoint.answer(call, caller.session, clientKey(caller.address))
        : errorAnswer(call, error)
    const milliseconds = performance.now() - start
    const code = answer?.code ?? 0
    metrics.answered(method, code, milliseconds)
    log({
      level: code === 0 ? 'info' : code === INTERNAL ? 'error' : 'warn',
      event: 'call',
      transport: caller.transport,
      client: caller.address,
      method,
      code,
      ...(answer === undefined || code === 0 ? {} : { message: messageOf(answer.text) }),
      milliseconds: Math.round(milliseconds * 1000) / 1000,
    })
    return { answer, isRefused: error !== undefined }
  }
}

/** UTF-16 units of an error's message that a log has. */
const MAX_MESSAGE_LENGTH = 500

/** What an answer that is an error says. */
function messageOf(text: string): string {
  const { error } = JSON.parse(text) as { readonly error?: { readonly message?: unknown } }
  return String(error?.message ?? '').slice(0, MAX_MESSAGE_LENGTH)
}

/** The number for what the host failed with. */
const INTERNAL = -32603

function tooLong(answerBytes: number): RpcError {
  return limitError(`the answer is longer than ${answerBytes} bytes: ask for less at once`)
}
