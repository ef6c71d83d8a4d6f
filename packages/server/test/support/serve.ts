import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import {
  type LogEntry,
  type RpcServer,
  type ServerLimits,
  type ServerOptions,
  startServer,
} from '@troupe/server'
import { expect, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { FakeEndpoint } from './fake-endpoint.ts'

/** A server of a test, closed with it. */
export interface Served {
  readonly server: RpcServer
  readonly endpoint: FakeEndpoint
  readonly log: LogEntry[]
  /** Sends a body to it. */
  post(body: unknown, headers?: Readonly<Record<string, string>>, path?: string): Promise<Reply>
  /** Waits for a WebSocket to it. */
  socket(headers?: Readonly<Record<string, string>>, path?: string): Promise<WebSocket>
  /** A connection on which nothing has been said. */
  raw(): Promise<Socket>
  /** One of its metrics; 0 where there is no such line. */
  metric(line: string): Promise<number>
}

/** What came back. */
export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look at whatever came
  readonly json: any
}

/** Starts a server for a test, on a free port. */
export async function serve(
  options: Partial<ServerOptions> = {},
  limits: Partial<ServerLimits> = {},
): Promise<Served> {
  const endpoint = new FakeEndpoint()
  const log: LogEntry[] = []
  const server = await startServer({ endpoint, port: 0, limits, log: (entry) => log.push(entry), ...options })
  onTestFinished(async () => {
    endpoint.release()
    await server.close()
  })
  const post: Served['post'] = async (body, headers = {}, path = '') => {
    const sent = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
    const response = await fetch(`${server.url}${path}`, {
      method: 'POST',
      body: sent,
      headers: { 'content-type': 'application/json', ...headers },
    })
    return replyOf(response)
  }
  return {
    ...{ server, endpoint, log, post },
    socket: async (headers = {}, path = '') => {
      const ws = new WebSocket(`${server.url.replace('http', 'ws')}${path}`, { headers })
      onTestFinished(() => ws.terminate())
      await once(ws, 'open')
      return ws
    },
    raw: async () => {
      const socket = connect(server.port, server.host)
      socket.on('error', () => undefined)
      onTestFinished(() => void socket.destroy())
      await once(socket, 'connect')
      return socket
    },
    metric: async (line) => {
      const text = await (await fetch(`${server.url}/metrics`)).text()
      const found = text.split('\n').find((candidate) => candidate.startsWith(`${line} `))
      return Number(found?.slice(line.length + 1) ?? 0)
    },
  }
}

/** What a response says. */
export async function replyOf(response: Response): Promise<Reply> {
  const text = await response.text()
  const isJson = response.headers.get('content-type') === 'application/json'
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson ? JSON.parse(text) : undefined,
  }
}

/** A call of the fake chain. */
export function call(method: string, params: readonly unknown[] = [], id: unknown = 1): object {
  return { jsonrpc: '2.0', id, method, params }
}

/** Everything that comes from a connection until it is closed. */
export async function readToEnd(socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', (chunk) => {
    text += String(chunk)
  })
  if (!socket.closed) await once(socket, 'close')
  return text
}

/** The next message of a WebSocket. */
// biome-ignore lint/suspicious/noExplicitAny: tests look at whatever came
export async function nextMessage(ws: WebSocket): Promise<any> {
  const [data] = await once(ws, 'message')
  return JSON.parse(String(data))
}

/** What becomes so sooner or later, on however busy a machine. */
export function eventually<T>(what: () => T): ReturnType<typeof expect.poll<T>> {
  return expect.poll(what, { timeout: 30_000 })
}
