import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The process of {@link ./writer.ts}, and what it said. */
export class WriterProcess {
  readonly #child: ChildProcess
  #said = ''
  #errors = ''
  #heard: (() => void) | undefined
  readonly #ended: Promise<void>

  constructor(directory: string, seed: number, commitsPerSync: number) {
    const script = fileURLToPath(new URL('writer.ts', import.meta.url))
    this.#child = spawn(process.execPath, [script, directory, String(seed), String(commitsPerSync)], {
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

  /** Kills it, unless it has ended by itself, which is a failure. Gives the last height that it said was there. */
  async kill(): Promise<number | undefined> {
    if (this.#child.exitCode !== null) throw new Error(`the writer ended: ${this.#errors}`)
    this.#child.kill('SIGKILL')
    await this.#ended
    return this.lines
      .map(Number)
      .filter((height) => !Number.isNaN(height))
      .at(-1)
  }
}
