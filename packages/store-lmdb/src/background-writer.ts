import { Worker } from 'node:worker_threads'
import { IpldError, type IpldErrorCode } from '@troupe/ipld'
import type { EnvironmentOptions } from './environment.ts'
import { LmdbStoreError, type LmdbStoreErrorCode } from './errors.ts'
import type { PackedChanges } from './packed-changes.ts'

/** What the thread is started with. */
export interface WriterSetup {
  readonly environment: EnvironmentOptions
  readonly maxBlockBytes: number
  /** One number: writes up to that one are not to be begun any more. */
  readonly overtaken: Int32Array
}

/** To the thread. */
export type WriterMessage =
  | { readonly type: 'write'; readonly id: number; readonly changes: PackedChanges }
  | { readonly type: 'close' }

/** From the thread. */
export type WriterReply =
  | { readonly type: 'ready' }
  /** @property isWritten `false` where it was overtaken */
  | { readonly type: 'done'; readonly isWritten: boolean }
  | { readonly type: 'failed'; readonly code: string | undefined; readonly message: string }

/**
 * Writes to a store's database in a thread of its own, so that whoever commits need not wait for the disk. One write at a time.
 *
 * Whoever writes in this thread meanwhile overtakes it: the thread looks, inside its transaction, whether it still has to write. LMDB lets only one of them write at a time, so
 * what is older never gets on top of what is newer.
 */
export class BackgroundWriter {
  readonly #worker: Worker
  readonly #overtaken: Int32Array
  readonly #ended: Promise<void>
  #isReady = false
  #failure: Error | undefined
  #id = 0
  #job: PromiseWithResolvers<boolean> | undefined

  constructor(setup: Omit<WriterSetup, 'overtaken'>) {
    // Compilation changes the ending of imports, not of URLs.
    const file = import.meta.url.endsWith('.ts') ? './writer-thread.ts' : './writer-thread.js'
    this.#overtaken = new Int32Array(new SharedArrayBuffer(4))
    this.#worker = new Worker(new URL(file, import.meta.url), {
      workerData: { ...setup, overtaken: this.#overtaken } satisfies WriterSetup,
    })
    this.#worker.unref()
    this.#worker.on('message', (reply: WriterReply) => this.#take(reply))
    this.#worker.on('error', (error: Error) => {
      this.#failure = error
    })
    this.#ended = new Promise((resolve) => {
      this.#worker.on('exit', () => {
        this.#isReady = false
        this.#failure ??= new LmdbStoreError('store-lmdb/io', 'the thread that writes has ended')
        this.#settle()?.reject(this.#failure)
        resolve()
      })
    })
  }

  /** Whether it takes a write. */
  get isReady(): boolean {
    return this.#isReady && this.#job === undefined
  }

  /** Why it will never take one again, where that is so. */
  get failure(): Error | undefined {
    return this.#failure
  }

  /** Writes changes. Gives `false` where it was overtaken. Only where it is ready. */
  write(changes: PackedChanges): Promise<boolean> {
    this.#job = Promise.withResolvers()
    this.#worker.ref()
    const message: WriterMessage = { type: 'write', id: ++this.#id, changes }
    this.#worker.postMessage(message, [changes.bytes])
    return this.#job.promise
  }

  /** Lets the write at work do nothing unless it is done already. Called inside a transaction that writes the same, and more. */
  overtake(): void {
    Atomics.store(this.#overtaken, 0, this.#id)
  }

  /** Ends the thread, after the write at work. */
  async close(): Promise<void> {
    const message: WriterMessage = { type: 'close' }
    this.#worker.ref()
    this.#worker.postMessage(message)
    await this.#ended
  }

  #take(reply: WriterReply): void {
    if (reply.type === 'ready') this.#isReady = true
    else if (reply.type === 'done') this.#settle()?.resolve(reply.isWritten)
    else this.#settle()?.reject(errorOf(reply))
  }

  #settle(): PromiseWithResolvers<boolean> | undefined {
    const job = this.#job
    this.#job = undefined
    this.#worker.unref()
    return job
  }
}

/** An error as this thread's own: only its text and its code get across. */
function errorOf({ code, message }: Extract<WriterReply, { type: 'failed' }>): Error {
  if (code === undefined) return new Error(message)
  return code.startsWith('store-lmdb/')
    ? new LmdbStoreError(code as LmdbStoreErrorCode, message)
    : new IpldError(code as IpldErrorCode, message)
}
