/** @module A dedicated worker of a browser that runs official vectors, and posts what became of them. */
import type { PortableSuite } from './portable-vectors.ts'

declare const self: {
  onmessage: (event: { readonly data: PortableSuite }) => void
  postMessage(message: unknown): void
  reportError(error: unknown): void
}

self.onmessage = async ({ data }) => {
  try {
    // Imported late: a message that comes before the handler is set would be lost, and modules may take their time.
    const { runPortably } = await import('./portable-vectors.ts')
    self.postMessage(await runPortably(data))
  } catch (error) {
    self.reportError(error)
  }
}
