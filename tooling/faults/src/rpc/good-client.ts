import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'

/** What a client that does nothing wrong saw. */
export interface GoodReport {
  readonly answers: number
  /** Milliseconds of the slowest answer. */
  readonly slowestMs: number
  readonly heads: number
  readonly problems: readonly string[]
}

const PAUSE_MS = 25
/** Longer than a machine that does much else needs for a small answer. */
const PATIENCE_MS = 10_000

/** A client that asks for little, again and again, over HTTP, and follows the chain over a WebSocket. */
export class GoodClient {
  readonly #url: string
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 })
  readonly #problems: string[] = []
  readonly #socket: WebSocket
  #answers = 0
  #slowestMs = 0
  #heads = 0
  #lastHead: number | undefined
  #isOver = false
  readonly #asking: Promise<void>

  private constructor(url: string, socket: WebSocket) {
    this.#url = url
    this.#socket = socket
    socket.on('message', (data) => this.#takeHead(JSON.parse(String(data))))
    socket.on('close', () => {
      if (!this.#isOver) this.#problems.push('the WebSocket of the good client was closed')
    })
    this.#asking = this.#ask()
  }

  static async start(url: string): Promise<GoodClient> {
    const socket = new WebSocket(url.replace('http', 'ws'))
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
    socket.send('{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["newHeads"]}')
    return new GoodClient(url, socket)
  }

  /** Stops, and tells what was seen. */
  async stop(): Promise<GoodReport> {
    this.#isOver = true
    await this.#asking
    this.#socket.close()
    this.#agent.destroy()
    if (this.#heads === 0) this.#problems.push('the good client was told of no block')
    return {
      ...{ answers: this.#answers, slowestMs: this.#slowestMs, heads: this.#heads },
      problems: [...new Set(this.#problems)],
    }
  }

  async #ask(): Promise<void> {
    while (!this.#isOver) {
      const start = performance.now()
      try {
        // A connection that waited may be closed when it is to be used: who does nothing wrong tries once more.
        const answer = await callOnce(this.#url, this.#agent).catch(() => callOnce(this.#url, this.#agent))
        if (!/"result":"0x[0-9a-f]+"/u.test(answer))
          this.#problems.push(`the good client was answered ${answer.slice(0, 200)}`)
        this.#answers++
      } catch (error) {
        this.#problems.push(`the good client was not answered: ${error}`)
      }
      this.#slowestMs = Math.max(this.#slowestMs, performance.now() - start)
      await sleep(PAUSE_MS)
    }
  }

  #takeHead(message: { readonly params?: { readonly result: { readonly number: string } } }): void {
    if (message.params === undefined) return
    const head = Number(message.params.result.number)
    if (this.#lastHead !== undefined && head !== this.#lastHead + 1)
      this.#problems.push(`the good client was told of block ${head} after ${this.#lastHead}`)
    this.#lastHead = head
    this.#heads++
  }
}

function callOnce(url: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const body = '{"jsonrpc":"2.0","id":1,"method":"eth_blockNumber","params":[]}'
    const sent = request(url, { method: 'POST', agent, timeout: PATIENCE_MS }, (response) => {
      let text = ''
      response.on('data', (chunk) => {
        text += String(chunk)
      })
      response.on('end', () =>
        response.statusCode === 200 ? resolve(text) : reject(new Error(`status ${response.statusCode}`)),
      )
      response.on('error', reject)
    })
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${PATIENCE_MS} ms`)))
    sent.on('error', reject)
    sent.end(body)
  })
}
