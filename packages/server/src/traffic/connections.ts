import type { Duplex } from 'node:stream'

/** The connections of a server, of which there may be only so many. */
export class Connections {
  readonly #capacity: number
  readonly #open = new Set<Duplex>()
  /** Those that wait for their client, in the order in which they began to. */
  readonly #waiting = new Set<Duplex>()

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get size(): number {
    return this.#open.size
  }

  /**
   * Takes a connection in. Where there is no room, the one gives way whose client has let it wait for longest, so that slow clients cannot keep others out.
   * @returns what became of it: `full` where nobody gave way, and it is closed
   */
  admit(socket: Duplex): 'admitted' | 'displacing' | 'full' {
    const isFull = this.#open.size >= this.#capacity
    if (isFull) {
      const [longest] = this.#waiting
      if (longest === undefined) {
        socket.destroy()
        return 'full'
      }
      this.#forget(longest)
      longest.destroy()
    }
    this.#open.add(socket)
    this.#waiting.add(socket)
    socket.once('close', () => this.#forget(socket))
    return isFull ? 'displacing' : 'admitted'
  }

  /** The client has said what it wants: from here on it waits for the server. */
  busy(socket: Duplex): void {
    this.#waiting.delete(socket)
  }

  /** The server has answered, and waits for the client. */
  idle(socket: Duplex): void {
    if (!this.#open.has(socket)) return
    this.#waiting.delete(socket)
    this.#waiting.add(socket)
  }

  #forget(socket: Duplex): void {
    this.#open.delete(socket)
    this.#waiting.delete(socket)
  }
}
