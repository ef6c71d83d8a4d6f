import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { runCli } from '../../src/cli.ts'
import type { CommandEntry, ExitStatus } from '../../src/command.ts'
import { createTerminal } from '../../src/terminal.ts'

/** What a command wrote, and how it ended. */
export interface RunResult {
  readonly status: ExitStatus
  readonly stdout: string
  readonly stderr: string
}

/** How a command is run in a test. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly directory?: string
  readonly isScreen?: boolean
  /** Of the screen. Default: 100. */
  readonly columns?: number
  readonly commands?: Readonly<Record<string, CommandEntry>>
  /** Takes what is to be called when the process is asked to end. */
  readonly onSignal?: (listener: () => void) => void
  /** Told of everything that is written, as it is. */
  readonly onWrite?: (name: 'stdout' | 'stderr', text: string) => void
}

/** Runs a command line in this process, and keeps what it writes. */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const written = { stdout: '', stderr: '' }
  const stream = (
    name: keyof typeof written,
  ): { write(text: string): void; isTTY: boolean; columns: number } => ({
    write: (text) => {
      written[name] += text
      options.onWrite?.(name, text)
    },
    isTTY: options.isScreen ?? false,
    columns: options.columns ?? 100,
  })
  const env = options.env ?? {}
  const context = {
    terminal: createTerminal(stream('stdout'), stream('stderr'), env),
    env,
    platform: process.platform,
    home: join(tmpdir(), 'nobody'),
    directory: options.directory ?? process.cwd(),
    onSignal: (listener: () => void) => {
      options.onSignal?.(listener)
      return () => undefined
    },
  }
  const status = await runCli(argv, context, options.commands)
  return { status, ...written }
}

/** A directory that is gone when the test is over. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'troupe-cli-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}
