import { OUTPUT_LIMIT } from './limits.ts'

const NEWLINE = 0x0a

/** What an engine itself writes in one invocation, as lines: what it says before it gives itself up. It can be neither read nor noticed in the engine, whoever listens. */
export class EngineOutput {
  readonly #listener: (line: string) => void
  readonly #line: number[] = []
  #left = OUTPUT_LIMIT

  constructor(listener: (line: string) => void) {
    this.#listener = listener
  }

  /** Takes what is written, which need not end with a line. Beyond {@link OUTPUT_LIMIT} bytes it is dropped. */
  write(bytes: Uint8Array): void {
    for (const byte of bytes.subarray(0, this.#left)) {
      if (byte === NEWLINE) this.end()
      else this.#line.push(byte)
    }
    this.#left = Math.max(0, this.#left - bytes.length)
  }

  /** Ends the last line, where there is one. */
  end(): void {
    if (this.#line.length > 0) this.#listener(new TextDecoder().decode(Uint8Array.from(this.#line)))
    this.#line.length = 0
  }
}
