import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** How a command ended. */
export interface CommandResult {
  readonly code: number | undefined
  /** What it printed on both streams. */
  readonly output: string
}

/** What is kept of what a command prints. */
const MAX_OUTPUT = 1_000_000

/** Runs a command to its end, or until its time is over. */
export async function runCommand(
  command: readonly [string, ...string[]],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly timeoutMs: number },
): Promise<CommandResult> {
  const [name, ...args] = command
  const child = spawn(name, args, {
    ...{ cwd: options.cwd, env: options.env, stdio: ['ignore', 'pipe', 'pipe'] },
    timeout: options.timeoutMs,
  })
  let output = ''
  const keep = (chunk: Buffer): void => {
    if (output.length < MAX_OUTPUT) output += chunk.toString()
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code: code ?? undefined, output }
}
