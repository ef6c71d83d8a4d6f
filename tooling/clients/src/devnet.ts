import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const COMMAND = fileURLToPath(new URL('../../../apps/cli/src/main.ts', import.meta.url))

/** A devnet of a process of its own. */
export interface Devnet {
  readonly url: string
  /** Asks it to end, and waits until it has. */
  stop(): Promise<void>
}

/** Starts `troupe dev` on a free port, with a chain in memory. */
export async function startDevnet(): Promise<Devnet> {
  const child = spawn(
    process.execPath,
    [COMMAND, 'dev', '--port', '0', '--in-memory', '--json', '--log', 'none'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const ended = once(child, 'close')
  const lines = createInterface({ input: child.stdout })
  const line = await Promise.race([once(lines, 'line') as Promise<[string]>, ended.then(() => undefined)])
  if (line === undefined) throw new Error('troupe dev ended before it was ready')
  const { url } = JSON.parse(line[0]) as { readonly url: string }
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}
