import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const TROUPE = fileURLToPath(new URL('../../../../apps/cli/bin/troupe.js', import.meta.url))

/** What `troupe dev --json` says once it is there. */
export interface DevReport {
  readonly url: string
  readonly chainId: number
  readonly epoch: number
  readonly accounts: readonly { readonly ethereum: string; readonly privateKey: string }[]
}

/** A `troupe dev` in a process of its own. */
export class DevProcess {
  readonly report: DevReport
  readonly #child: ChildProcess
  readonly #ended: Promise<unknown>

  private constructor(child: ChildProcess, ended: Promise<unknown>, report: DevReport) {
    this.#child = child
    this.#ended = ended
    this.report = report
  }

  /** Starts one on a free port. @throws where it ends before it is there */
  static async start(options: readonly string[]): Promise<DevProcess> {
    const child = spawn(
      process.execPath,
      [TROUPE, 'dev', '--port', '0', '--json', '--log', 'none', ...options],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    let errors = ''
    child.stderr.on('data', (text: Buffer) => {
      errors = `${errors}${text}`.slice(-2_000)
    })
    const ended = once(child, 'exit')
    const line = once(createInterface(child.stdout), 'line').then(([text]) => JSON.parse(text) as DevReport)
    const report = await Promise.race([line, ended.then(() => undefined)])
    if (report === undefined) throw new Error(`troupe dev ended: ${errors}`)
    return new DevProcess(child, ended, report)
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  get url(): string {
    return this.report.url
  }

  /**
   * Bytes of memory that the process holds, and held at most; and what of it is its own, and no page of a file such as the chain's, which the system takes back when it likes.
   * `undefined` where the system does not say.
   */
  memory(): { readonly now: number; readonly own: number; readonly peak: number } | undefined {
    if (process.platform !== 'linux') return undefined
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8')
    const kibibytes = (name: string): number =>
      Number(new RegExp(`^${name}:\\s+(\\d+)`, 'mu').exec(status)?.[1])
    return {
      now: kibibytes('VmRSS') * 1024,
      own: kibibytes('RssAnon') * 1024,
      peak: kibibytes('VmHWM') * 1024,
    }
  }

  /** Asks it to end, and waits. Gives its exit status. */
  async end(): Promise<number | null> {
    this.#child.kill('SIGINT')
    await this.#ended
    return this.#child.exitCode
  }

  /** Kills it. @throws where it has ended before by itself */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null) throw new Error(`troupe dev ended with ${this.#child.exitCode}`)
    this.#child.kill('SIGKILL')
    await this.#ended
  }
}
