import type { ChainReading, Endpoint } from '../endpoint/endpoint.ts'
import type { ServerMetrics } from '../metrics/server-metrics.ts'
import { jsonText } from './json-text.ts'

/** What a page shows. */
export interface Page {
  readonly status: 200 | 503
  readonly type: string
  readonly body: string
}

/** Milliseconds that the chain has to say how it is. */
const PATIENCE_MS = 2_000
const PROMETHEUS = 'text/plain; version=0.0.4; charset=utf-8'

/** Pages about the server itself: `/health` and `/metrics`. */
export class StatusPages {
  readonly #endpoint: Endpoint
  readonly #metrics: ServerMetrics
  #isClosing = false
  /** The question that the chain has been asked; so many as ask at the same time wait for one answer. */
  #reading: Promise<ChainReading | undefined> | undefined

  constructor(endpoint: Endpoint, metrics: ServerMetrics) {
    this.#endpoint = endpoint
    this.#metrics = metrics
  }

  /** From now on the server says that it is not to be counted on. */
  closing(): void {
    this.#isClosing = true
  }

  /** The page at a path. */
  find(path: string): (() => Promise<Page>) | undefined {
    if (path === '/health') return () => this.#health()
    if (path === '/metrics') return () => this.#render()
    return undefined
  }

  async #health(): Promise<Page> {
    const chain = await this.#read()
    const status = this.#isClosing ? 'closing' : chain === undefined ? 'not answering' : 'ok'
    const where = chain === undefined ? {} : { epoch: chain.epoch, timestamp: chain.timestamp }
    return {
      status: status === 'ok' ? 200 : 503,
      type: 'application/json',
      body: jsonText({ status, ...where }),
    }
  }

  async #render(): Promise<Page> {
    return { status: 200, type: PROMETHEUS, body: this.#metrics.render(await this.#read()) }
  }

  #read(): Promise<ChainReading | undefined> {
    this.#reading ??= this.#ask().finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  async #ask(): Promise<ChainReading | undefined> {
    const { promise, resolve } = Promise.withResolvers<undefined>()
    const timer = setTimeout(() => resolve(undefined), PATIENCE_MS)
    try {
      return await Promise.race([this.#endpoint.read(), promise])
    } catch {
      // Whoever has the chain is told elsewhere; here it only counts that it does not answer.
      return undefined
    } finally {
      clearTimeout(timer)
    }
  }
}
