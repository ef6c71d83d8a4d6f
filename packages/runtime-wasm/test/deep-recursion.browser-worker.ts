/** @module A dedicated worker of a browser that runs an actor calling itself as deep as it goes, and posts what came of it. */
import type { RecursionTask } from './recurse.ts'

declare const self: {
  onmessage: (event: { readonly data: RecursionTask }) => void
  postMessage(message: unknown): void
  reportError(error: unknown): void
}

self.onmessage = async ({ data }) => {
  try {
    // Imported late: a message that comes before the handler is set would be lost, and modules may take their time.
    const { recurse } = await import('./recurse.ts')
    self.postMessage(await recurse(data))
  } catch (error) {
    self.reportError(error)
  }
}
