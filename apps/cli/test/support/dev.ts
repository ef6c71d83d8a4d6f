import { fileURLToPath } from 'node:url'
import { expect, onTestFinished } from 'vitest'
import { type RunResult, run } from './run.ts'

/** Where the command keeps what it can get again: most of what a chain takes to start is its scripts, which are compiled once for all tests. */
export const DEV_ENV: Readonly<Record<string, string>> = {
  TROUPE_HOME: fileURLToPath(new URL('../../node_modules/.cache/troupe-home', import.meta.url)),
}

/** A `troupe dev` of a test, which ends with it. */
export interface RunningDev {
  /** What it said of itself. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look at whatever came
  readonly said: any
  readonly url: string
  /** Asks it to end. */
  signal(): void
  /** What it wrote, once it has ended. */
  readonly ended: Promise<RunResult>
  /** Calls a method, and gives its result or its error. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look at whatever came
  call(method: string, params?: readonly unknown[], headers?: Readonly<Record<string, string>>): Promise<any>
}

/** Starts `troupe dev` in this process, on a free port, and waits until it is there. @throws where it ends before */
export async function startDev(
  argv: readonly string[],
  directory: string,
  env: Readonly<Record<string, string>> = {},
): Promise<RunningDev> {
  const ready = Promise.withResolvers<string>()
  let signal: () => void = () => undefined
  const ended = run(['dev', '--port', '0', '--json', '--log', 'none', ...argv], {
    directory,
    env: { ...DEV_ENV, ...env },
    onSignal: (listener) => {
      signal = listener
    },
    onWrite: (name, text) => {
      if (name === 'stdout') ready.resolve(text)
    },
  })
  void ended.then(({ stderr }) => ready.reject(new Error(stderr)))
  onTestFinished(async () => {
    signal()
    signal()
    await ended
  })
  const said = JSON.parse(await ready.promise)
  return {
    ...{ said, url: said.url, ended },
    signal: () => signal(),
    call: async (method, params = [], headers = {}) => {
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
      const response = await fetch(said.url, { method: 'POST', body, headers })
      const { error, result } = (await response.json()) as { error?: unknown; result?: unknown }
      return error ?? result
    },
  }
}

/** What becomes so sooner or later, on however busy a machine. */
export function eventually<T>(what: () => T): ReturnType<typeof expect.poll<T>> {
  return expect.poll(what, { timeout: 30_000 })
}
