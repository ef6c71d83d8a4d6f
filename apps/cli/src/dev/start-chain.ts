import { MessageChannel, Worker } from 'node:worker_threads'
import { connectEndpoint, type Endpoint } from '@troupe/server/endpoint'
import { CliError } from '../errors.ts'
import { ReportedError } from '../reported-error.ts'
import type { ChainReport, ChainSetup, CommandMessage, ThreadMessage } from './chain-setup.ts'

/** Stack of the thread, in MiB: for 1,024 nested calls, each with all the stack that its code may use. */
const STACK_MIB = 256

/** A chain in a thread. */
export interface StartedChain {
  readonly report: ChainReport
  readonly endpoint: Endpoint
  /** Settles when the thread has ended, with what it failed with, if it did. */
  readonly ended: Promise<unknown>
  /** Closes the chain and its store. */
  close(): Promise<void>
  /** Ends the thread at once. What is on disk is at its last block. */
  kill(): Promise<void>
}

/**
 * Starts the thread of a chain, and waits until it answers.
 * @param onFailure told of what the chain's host fails with
 * @param onLog told of what actors log
 * @throws {ReportedError} what opening the chain throws
 * @throws {CliError} dev/thread-died
 */
export async function startChain(
  setup: Omit<ChainSetup, 'port'>,
  onFailure: (error: ReportedError, method: string) => void,
  onLog: (actor: bigint, message: string) => void = () => {},
): Promise<StartedChain> {
  const module = new URL('./chain-thread.ts', import.meta.url)
  // Compilation changes the ending of imports, not of URLs.
  if (!import.meta.url.endsWith('.ts')) module.pathname = module.pathname.replace(/\.ts$/u, '.js')
  const { port1, port2 } = new MessageChannel()
  const thread = new Worker(module, {
    workerData: { ...setup, port: port2 } satisfies ChainSetup,
    transferList: [port2],
    // Half of what a thread takes to start is compiling the command. What the user sets goes first.
    env: { NODE_COMPILE_CACHE: setup.caches.scripts, ...process.env },
    resourceLimits: { stackSizeMb: STACK_MIB },
  })
  const ready = Promise.withResolvers<ChainReport>()
  const ended = Promise.withResolvers<unknown>()
  thread.on('message', (message: ThreadMessage) => {
    if (message.type === 'ready') ready.resolve(message.report)
    else if (message.type === 'failed') ready.reject(new ReportedError(message.error))
    else if (message.type === 'log') onLog(message.actor, message.message)
    else onFailure(new ReportedError(message.error), message.method)
  })
  const died = (cause?: unknown): CliError =>
    new CliError('dev/thread-died', 'the thread of the chain has ended', { cause })
  let failure: unknown
  thread.on('error', (error) => {
    failure = error
  })
  thread.on('exit', () => {
    ready.reject(died(failure))
    ended.resolve(failure)
  })
  const connected = connectEndpoint(port1)
  // Why there is none is known better to whoever made the thread.
  connected.catch(() => undefined)
  const report = await ready.promise
  const endpoint = await connected
  return {
    report,
    endpoint,
    ended: ended.promise,
    close: async () => {
      thread.postMessage({ type: 'close' } satisfies CommandMessage)
      await ended.promise
      port1.close()
    },
    kill: async () => {
      await thread.terminate()
      port1.close()
    },
  }
}
