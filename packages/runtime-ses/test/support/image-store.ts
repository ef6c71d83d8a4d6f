import { fileURLToPath } from 'node:url'
import { FileStore } from '@troupe/runtime-ses/node'

/** What boots once takes a second: it is kept for the next process. */
export const store: FileStore = new FileStore(
  fileURLToPath(new URL('../../node_modules/.cache/images', import.meta.url)),
)
