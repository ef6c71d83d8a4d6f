import { CliError } from '../errors.ts'
import { jsonLine } from '../json.ts'
import { Answer } from './answer.ts'

/** Bytes of an answer that are read: more than a server of `troupe dev` writes. */
const MAX_ANSWER_BYTES = 33_554_432
/** How long an answer may take. A chain itself waits for a block no longer than a minute. */
const ANSWER_MS = 90_000

/** Why a chain did not do what it was asked. */
export interface Refusal {
  readonly message: string
  /** The chain's own code of it: `message/balance`. */
  readonly code: string | undefined
  /** Where a message was tried, and failed. */
  readonly exitCode: number | undefined
  /** A line for each actor that the error went up through. */
  readonly backtrace: string
}

/** What a chain said: a result, or why there is none. */
export type Reply = { readonly result: Answer } | { readonly refusal: Refusal }

/** Where a chain is, and what shows that one may change it. */
export interface RemoteChainOptions {
  readonly url: URL
  readonly token: string | undefined
}

/** A chain that runs somewhere, by its RPC over HTTP. */
export class RemoteChain {
  readonly #options: RemoteChainOptions

  constructor(options: RemoteChainOptions) {
    this.#options = options
  }

  /** Calls a method. @throws {CliError} chain/refused, and what {@link tryCall} throws */
  async call(method: string, params: readonly unknown[]): Promise<Answer> {
    const reply = await this.tryCall(method, params)
    if ('result' in reply) return reply.result
    throw refused(reply.refusal)
  }

  /** Calls a method, and gives what the chain said. @throws {CliError} chain/unreachable, chain/token, chain/unexpected-answer */
  async tryCall(method: string, params: readonly unknown[]): Promise<Reply> {
    const { status, text } = await this.#post(jsonLine({ jsonrpc: '2.0', id: 1, method, params }))
    if (status === 401)
      throw new CliError('chain/token', 'the chain does this for those who show its token', {
        where: this.#options.url.href,
        advice: 'give the token that the chain was started with: --token TOKEN, or TROUPE_TOKEN',
      })
    const answer = parse(text)
    if (answer === undefined || !('result' in answer || 'error' in answer))
      throw new CliError(
        'chain/unexpected-answer',
        `what is there is no RPC: it answered with status ${status}`,
        {
          where: this.#options.url.href,
          advice: 'give the URL that `troupe dev` prints, with --rpc URL',
        },
      )
    return 'error' in answer
      ? { refusal: toRefusal(answer['error']) }
      : { result: new Answer(answer['result'], method) }
  }

  async #post(body: string): Promise<{ readonly status: number; readonly text: string }> {
    const { token, url } = this.#options
    const headers = {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    }
    try {
      const signal = AbortSignal.timeout(ANSWER_MS)
      const response = await fetch(url, { method: 'POST', body, headers, signal, redirect: 'error' })
      return { status: response.status, text: await readText(response) }
    } catch (cause) {
      if (cause instanceof CliError) throw cause
      throw new CliError('chain/unreachable', 'no chain answers', {
        where: url.href,
        advice: 'start one with `troupe dev` in another terminal, or say where one is with --rpc URL',
        cause: innermost(cause),
      })
    }
  }
}

/** The error for whoever wanted a result. */
export function refused({ code, message }: Refusal, advice?: string): CliError {
  const reasons = [{ code: code ?? 'rpc', message }]
  return new CliError('chain/refused', 'the chain refuses it', { reasons, advice })
}

async function readText(response: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of response.body ?? []) {
    length += part.length
    if (length > MAX_ANSWER_BYTES)
      throw new CliError('chain/unexpected-answer', `the answer has over ${MAX_ANSWER_BYTES} bytes`, {
        where: response.url,
      })
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function toRefusal(error: unknown): Refusal {
  const { data, message } = isRecord(error) ? error : {}
  const { backtrace, code, exitCode } = isRecord(data) ? data : {}
  return {
    message: typeof message === 'string' ? message : 'the chain did not say why',
    code: typeof code === 'string' ? code : undefined,
    exitCode: typeof exitCode === 'number' ? exitCode : undefined,
    backtrace: typeof backtrace === 'string' ? backtrace : '',
  }
}

/** What `fetch failed` is caused by; of a host with several addresses, for the first of them. */
function innermost(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors[0]
  return error instanceof Error && error.cause !== undefined ? innermost(error.cause) : error
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
