import { Worker } from 'node:worker_threads'
import type { DebugOutput } from '@troupe/hypervisor'
import type { Cid } from '@troupe/ipld'
import { TroupeError } from '../errors.ts'
import { EventFeed } from '../vm/event-feed.ts'
import type { ChainEvent, Head } from '../vm/head.ts'
import type { SendOptions } from '../vm/send-options.ts'
import { pack, unpack } from './packing.ts'
import type { MethodName, Request, Response, ThreadSetup } from './protocol.ts'

/** Stack of the thread, in MiB: for 1,024 nested calls, each with all the stack that its code may use. */
const STACK_MIB = 256
/** How long a call that was aborted may go on before its thread is stopped. */
const GRACE_MS = 1000

/** A call that is not answered yet. */
interface PendingCall {
  readonly resolve: (value: unknown) => void
  readonly reject: (reason: unknown) => void
}

type Unnumbered<R> = R extends unknown ? Omit<R, 'id'> : never

/** A worker with chains in it, and what was asked of them. */
export class ChainThread {
  readonly epochSeconds: bigint
  readonly #worker: Worker
  readonly #calls = new Map<number, PendingCall>()
  readonly #heads = new Map<number, Head>()
  readonly #feeds = new Map<number, EventFeed<ChainEvent>>()
  readonly #debug: DebugOutput | undefined
  #lastId = 0
  #end: TroupeError | undefined

  private constructor(worker: Worker, epochSeconds: bigint, debug: DebugOutput | undefined) {
    this.#worker = worker
    this.epochSeconds = epochSeconds
    this.#debug = debug
  }

  /**
   * Starts a worker, and makes the chain 0 in it.
   * @param debug what actors of all its chains log goes there, before the answer of whatever ran them
   * @throws whatever making the chain throws
   */
  static async start(
    setup: Omit<ThreadSetup, 'logs'>,
    epochSeconds: bigint,
    debug: DebugOutput | undefined,
  ): Promise<ChainThread> {
    // Compilation changes the ending of imports, not of URLs.
    const file = import.meta.url.endsWith('.ts') ? './troupe-thread.ts' : './troupe-thread.js'
    const worker = new Worker(new URL(file, import.meta.url), {
      workerData: { ...setup, logs: debug !== undefined } satisfies ThreadSetup,
      resourceLimits: { stackSizeMb: STACK_MIB },
    })
    const thread = new ChainThread(worker, epochSeconds, debug)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    worker.on('message', (response: Response) => {
      if (response.type === 'ready') resolve()
      else if (response.type === 'failed') reject(unpack(response.error))
      else thread.#take(response)
    })
    worker.on('error', (error) => {
      reject(error)
      thread.#over(new TroupeError('thread/stopped', 'the thread of the chain failed', { cause: error }))
    })
    worker.on('exit', () => thread.#over(new TroupeError('troupe/closed', 'the chain was closed')))
    try {
      await promise
      return thread
    } catch (error) {
      await worker.terminate()
      throw error
    }
  }

  headOf(chain: number): Head {
    const head = this.#heads.get(chain)
    if (head === undefined) throw new TroupeError('troupe/closed', 'the chain was closed')
    return head
  }

  eventsOf(chain: number): EventFeed<ChainEvent> {
    const feed = this.#feeds.get(chain) ?? new EventFeed<ChainEvent>()
    this.#feeds.set(chain, feed)
    if (this.#end !== undefined) feed.close()
    return feed
  }

  /**
   * Calls a method of a chain. Where the signal aborts and the call has not ended shortly after, because a message runs and runs, the whole thread is stopped: chains
   * in memory are gone then, and one on disk is at its last block.
   */
  async call(
    chain: number,
    method: MethodName,
    values: readonly unknown[],
    options?: SendOptions,
  ): Promise<unknown> {
    const { signal, ...rest } = options ?? {}
    signal?.throwIfAborted()
    const all = options === undefined ? values : [...values, rest]
    const { id, result } = this.#ask({
      type: 'call',
      ...{ chain, method, values: all.map(pack), hasSignal: options !== undefined },
    })
    const onAbort = (): void => {
      this.#worker.postMessage({ type: 'abort', id, reason: pack(signal?.reason) } satisfies Request)
      setTimeout(() => {
        if (this.#calls.has(id)) void this.#stop()
      }, GRACE_MS).unref()
    }
    signal?.addEventListener('abort', onAbort)
    try {
      return await result
    } finally {
      signal?.removeEventListener('abort', onAbort)
    }
  }

  /** Makes a chain that begins as another one is, or was, and gives its number. */
  async fork(chain: number, from: Cid | bigint | undefined): Promise<number> {
    const { id, result } = this.#ask({ type: 'fork', chain, from: pack(from) })
    await result
    return id
  }

  /** Closes a chain; with the one that the thread was made for, the thread ends. */
  async close(chain: number): Promise<void> {
    this.#feeds.get(chain)?.close()
    if (this.#end === undefined) await this.#ask({ type: 'close', chain }).result
    this.#heads.delete(chain)
    if (chain === 0 && this.#end === undefined)
      await new Promise<void>((resolve) => {
        this.#worker.once('exit', () => resolve())
      })
  }

  #ask(request: Unnumbered<Exclude<Request, { type: 'abort' }>>): { id: number; result: Promise<unknown> } {
    if (this.#end !== undefined) throw this.#end
    const id = ++this.#lastId
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    this.#calls.set(id, { resolve, reject })
    this.#worker.postMessage({ ...request, id } as Request)
    return { id, result: promise }
  }

  #take(response: Exclude<Response, { type: 'ready' | 'failed' }>): void {
    if (response.type === 'head') this.#heads.set(response.chain, unpack(response.head) as Head)
    else if (response.type === 'event')
      this.#feeds.get(response.chain)?.push(unpack(response.event) as ChainEvent)
    else if (response.type === 'log') this.#debug?.log(response.actor, response.message)
    else if (response.type === 'artifact')
      this.#debug?.storeArtifact(response.actor, response.name, response.data)
    else {
      const call = this.#calls.get(response.id)
      this.#calls.delete(response.id)
      if (response.type === 'result') call?.resolve(unpack(response.value))
      else call?.reject(unpack(response.error))
    }
  }

  async #stop(): Promise<void> {
    this.#over(
      new TroupeError(
        'thread/stopped',
        'the thread of the chain was stopped, because an aborted call did not end',
      ),
    )
    await this.#worker.terminate()
  }

  /** Tells everyone who waits. The first reason counts. */
  #over(reason: TroupeError): void {
    this.#end ??= reason
    for (const { reject } of this.#calls.values()) reject(this.#end)
    this.#calls.clear()
    for (const feed of this.#feeds.values()) feed.close()
  }
}
