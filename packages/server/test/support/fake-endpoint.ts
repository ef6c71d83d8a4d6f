import type { Answer, ChainReading, Endpoint, EndpointSession } from '@troupe/server'

interface Call {
  readonly id?: unknown
  readonly method?: string
  readonly params?: readonly unknown[]
}

/** A chain's stand-in, of which tests know what it answers, and when. */
export class FakeEndpoint implements Endpoint {
  readonly methods: Endpoint['methods'] = new Map([
    ['test_echo', { access: 'read' }],
    ['test_long', { access: 'read' }],
    ['test_wait', { access: 'read' }],
    ['test_fail', { access: 'read' }],
    ['test_submit', { access: 'submit' }],
    ['test_control', { access: 'control' }],
  ])
  /** Methods that were called, in order. */
  readonly called: string[] = []
  /** Who called them. */
  readonly clients: (string | undefined)[] = []
  /** What ends the calls of `test_wait`. */
  readonly waiting: (() => void)[] = []
  /** Sends something to each session that is open. */
  readonly sessions = new Map<EndpointSession, (text: string) => void>()
  read: () => Promise<ChainReading> = async () => ({
    ...{ epoch: 7n, timestamp: 210n, baseFee: 100n, pending: 3 },
    store: { blocks: 5, blockBytes: 500 },
  })

  async answer(call: unknown, session?: EndpointSession, client?: string): Promise<Answer | undefined> {
    const { id, method = '', params = [] } = (typeof call === 'object' ? (call ?? {}) : {}) as Call
    this.called.push(method)
    this.clients.push(client)
    const result = (value: unknown): Answer => ({
      text: JSON.stringify({ jsonrpc: '2.0', id, result: value }),
      code: 0,
    })
    const failed = (code: number): Answer => ({
      text: JSON.stringify({ jsonrpc: '2.0', id, error: { code, message: 'no' } }),
      code,
    })
    if (method === 'test_wait')
      await new Promise<void>((resolve) => {
        this.waiting.push(resolve)
      })
    if (id === undefined) return undefined
    if (method === 'test_fail') return failed(-32603)
    if (method === 'test_long') return result('x'.repeat(Number(params[0])))
    if (!this.methods.has(method)) return failed(-32601)
    return result(method === 'test_echo' ? params : session !== undefined)
  }

  openSession(notify: (text: string) => void): EndpointSession {
    const session: EndpointSession = { close: () => this.sessions.delete(session) }
    this.sessions.set(session, notify)
    return session
  }

  /** Ends all calls that wait, and gives how many there were. */
  release(): number {
    const waiting = this.waiting.splice(0)
    for (const resolve of waiting) resolve()
    return waiting.length
  }
}
