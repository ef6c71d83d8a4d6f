import { paint } from './render/paint.ts'
import type { Terminal } from './terminal.ts'

const BAR_WIDTH = 24
/** How often the screen is written at most, in milliseconds. */
const INTERVAL = 50

/** Tells how far a work of known size is: a bar on a screen, elsewhere one line when it starts. */
export class Progress {
  readonly #terminal: Terminal
  readonly #total: number
  #done = 0
  #shownAt = Number.NEGATIVE_INFINITY

  /** @param title what is done, for where there is no screen */
  constructor(terminal: Terminal, title: string, total: number, isQuiet: boolean) {
    this.#terminal = isQuiet ? { ...terminal, status: undefined, note: () => undefined } : terminal
    this.#total = total
    if (this.#terminal.status === undefined) this.#terminal.note(title)
  }

  /** One more is done. @param text what to say of it */
  step(text: string): void {
    this.#done++
    const now = performance.now()
    if (now - this.#shownAt < INTERVAL && this.#done < this.#total) return
    this.#shownAt = now
    const { status, noteColours } = this.#terminal
    const filled = Math.floor((this.#done / this.#total) * BAR_WIDTH)
    const bar =
      paint('green', '━'.repeat(filled), noteColours) +
      paint('dim', '─'.repeat(BAR_WIDTH - filled), noteColours)
    status?.show(`${bar} ${this.#done}/${this.#total} ${text}`)
  }

  /** Takes the bar away. */
  end(): void {
    this.#terminal.status?.clear()
  }
}
