/**
 * @module An endpoint in another thread: {@link exposeEndpoint} where the chain is, {@link connectEndpoint} where the server is, and a port between them. So neither
 * keeps the other waiting: a long message no new connection, a flood of requests no block.
 */
import type { MessagePort } from 'node:worker_threads'
import type { Answer, ChainReading, Endpoint, EndpointSession } from './endpoint.ts'
import { Outbox } from './outbox.ts'

type Access = 'read' | 'submit' | 'control'

/** To the chain. */
type Question =
  | {
      readonly type: 'answer'
      readonly id: number
      readonly call: unknown
      readonly session: number | undefined
      readonly client: string | undefined
    }
  | { readonly type: 'read'; readonly id: number }
  | { readonly type: 'open'; readonly session: number }
  | { readonly type: 'close'; readonly session: number }

/** From the chain. */
type Reply =
  | { readonly type: 'methods'; readonly methods: readonly (readonly [string, Access])[] }
  | { readonly type: 'done'; readonly id: number; readonly value: Answer | ChainReading | undefined }
  | { readonly type: 'failed'; readonly id: number; readonly message: string }
  | { readonly type: 'notify'; readonly session: number; readonly text: string }

/** How an endpoint is exposed. */
export interface ExposeOptions {
  /**
   * Called before anything is said, once for all that is said in one turn of the event loop, or until the last time is over: where it writes to disk what was committed, calls
   * that come together wait for the disk once. What it throws, or rejects with, is what the calls fail with. Default: nothing.
   */
  readonly settle?: (() => void) | (() => Promise<void>)
}

/** Answers whatever comes through a port, until that is closed. */
export function exposeEndpoint(
  endpoint: Endpoint,
  port: MessagePort,
  { settle = () => undefined }: ExposeOptions = {},
): void {
  const sessions = new Map<number, EndpointSession>()
  // To wake the other thread takes longer than to say something.
  const send = (replies: readonly Reply[]): void => port.postMessage(replies)
  const outbox = new Outbox<Reply>(send, settle, (reply, error) => {
    // Nobody waits for a notification, and what it is about may be gone.
    if (reply.type === 'done') return { type: 'failed', id: reply.id, message: messageOf(error) }
    return reply.type === 'failed' ? reply : undefined
  })
  const say = (reply: Reply): void => outbox.push(reply)
  const finish = async (id: number, work: Promise<Answer | ChainReading | undefined>): Promise<void> => {
    try {
      say({ type: 'done', id, value: await work })
    } catch (error) {
      say({ type: 'failed', id, message: messageOf(error) })
    }
  }
  port.on('message', (question: Question) => {
    switch (question.type) {
      case 'answer': {
        const { call, client, id, session } = question
        const known = session === undefined ? undefined : sessions.get(session)
        void finish(id, endpoint.answer(call, known, client))
        break
      }
      case 'read':
        void finish(question.id, endpoint.read())
        break
      case 'open': {
        const { session } = question
        sessions.set(
          session,
          endpoint.openSession((text) => say({ type: 'notify', session, text })),
        )
        break
      }
      case 'close':
        sessions.get(question.session)?.close()
        sessions.delete(question.session)
    }
  })
  port.on('close', () => {
    for (const session of sessions.values()) session.close()
    sessions.clear()
  })
  const methods = [...endpoint.methods].map(([name, { access }]) => [name, access] as const)
  send([{ type: 'methods', methods }])
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Connects to the endpoint at the other end of a port. It rejects where that closes before there is one. */
export async function connectEndpoint(port: MessagePort): Promise<Endpoint> {
  const { promise, resolve, reject } = Promise.withResolvers<Endpoint['methods']>()
  const remote = new RemoteEndpoint(port, resolve)
  port.once('close', () => reject(new Error('the thread of the chain has ended')))
  remote.methods = await promise
  return remote
}

class RemoteEndpoint implements Endpoint {
  methods: Endpoint['methods'] = new Map()
  readonly #port: MessagePort
  readonly #pending = new Map<number, PromiseWithResolvers<unknown>>()
  readonly #sessions = new Map<number, (text: string) => void>()
  readonly #numbers = new WeakMap<EndpointSession, number>()
  #lastId = 0
  #isClosed = false

  constructor(port: MessagePort, onMethods: (methods: Endpoint['methods']) => void) {
    this.#port = port
    port.on('message', (replies: readonly Reply[]) => {
      for (const reply of replies)
        if (reply.type === 'methods')
          onMethods(new Map(reply.methods.map(([name, access]) => [name, { access }])))
        else this.#take(reply)
    })
    port.on('close', () => this.#end())
  }

  answer(call: unknown, session?: EndpointSession, client?: string): Promise<Answer | undefined> {
    const number = session === undefined ? undefined : this.#numbers.get(session)
    return this.#ask((id) => ({ type: 'answer', id, call, session: number, client })) as Promise<
      Answer | undefined
    >
  }

  read(): Promise<ChainReading> {
    return this.#ask((id) => ({ type: 'read', id })) as Promise<ChainReading>
  }

  openSession(notify: (text: string) => void): EndpointSession {
    const number = ++this.#lastId
    const session: EndpointSession = {
      close: () => {
        if (this.#sessions.delete(number)) this.#say({ type: 'close', session: number })
      },
    }
    this.#sessions.set(number, notify)
    this.#numbers.set(session, number)
    this.#say({ type: 'open', session: number })
    return session
  }

  #ask(question: (id: number) => Question): Promise<unknown> {
    if (this.#isClosed) return Promise.reject(new Error('the thread of the chain has ended'))
    const id = ++this.#lastId
    const pending = Promise.withResolvers<unknown>()
    this.#pending.set(id, pending)
    this.#say(question(id))
    return pending.promise
  }

  #say(question: Question): void {
    this.#port.postMessage(question)
  }

  #take(reply: Exclude<Reply, { type: 'methods' }>): void {
    if (reply.type === 'notify') {
      this.#sessions.get(reply.session)?.(reply.text)
      return
    }
    const pending = this.#pending.get(reply.id)
    this.#pending.delete(reply.id)
    if (reply.type === 'done') pending?.resolve(reply.value)
    else pending?.reject(new Error(reply.message))
  }

  #end(): void {
    this.#isClosed = true
    for (const { reject } of this.#pending.values()) reject(new Error('the thread of the chain has ended'))
    this.#pending.clear()
  }
}
