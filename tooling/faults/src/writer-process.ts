import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** A process that works until it is killed, and what it said: a line `opening`, one `open`, and then numbers. */
export class WriterProcess {
  readonly #child: ChildProcess
  #said = ''
  #errors = ''
  #heard: (() => void) | undefined
  readonly #ended: Promise<void>

  constructor(script: string, args: readonly string[]) {
    this.#child = spawn(process.execPath, [script, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child.stdout?.on('data', (bytes: Buffer) => {
      this.#said += bytes
      this.#heard?.()
    })
    this.#child.stderr?.on('data', (bytes: Buffer) => {
      this.#errors += bytes
    })
    this.#ended = new Promise((resolve) => {
      this.#child.on('close', () => {
        this.#heard?.()
        resolve()
      })
    })
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /** The lines that were said whole. */
  get lines(): string[] {
    return this.#said.split('\n').slice(0, -1)
  }

  /** Waits for a line that `isIt`. */
  async hears(isIt: (line: string) => boolean): Promise<void> {
    while (!this.lines.some(isIt)) {
      if (this.#child.exitCode !== null) throw new Error(`the writer ended: ${this.#errors}`)
      await new Promise<void>((resolve) => {
        this.#heard = resolve
      })
    }
  }

  /** Kills it, unless it has ended by itself, which is a failure. Gives the last number that it said. */
  async kill(): Promise<number | undefined> {
    if (this.#child.exitCode !== null) throw new Error(`the writer ended: ${this.#errors}`)
    this.#child.kill('SIGKILL')
    await this.#ended
    return this.lines
      .map(Number)
      .filter((number) => !Number.isNaN(number))
      .at(-1)
  }
}

/** Starts {@link ./writer.ts}. */
export function startWriter(directory: string, seed: number, commitsPerSync: number): WriterProcess {
  const script = fileURLToPath(new URL('writer.ts', import.meta.url))
  return new WriterProcess(script, [directory, String(seed), String(commitsPerSync)])
}
