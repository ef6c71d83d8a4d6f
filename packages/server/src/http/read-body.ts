import type { IncomingMessage } from 'node:http'
import type { MemoryBudget } from '../traffic/memory-budget.ts'

/** A body, or why there is none: it is too long, the server has no memory for it, or the client went away. */
export type BodyResult =
  | { readonly bytes: Uint8Array /** Gives the memory of the body back. */; readonly release: () => void }
  | { readonly failed: 'length' | 'memory' | 'aborted' }

/**
 * Reads the body of a request. Memory is taken as bytes arrive, so that a length which is only promised costs nothing.
 * @param limit bytes
 */
export function readBody(request: IncomingMessage, limit: number, budget: MemoryBudget): Promise<BodyResult> {
  const { promise, resolve } = Promise.withResolvers<BodyResult>()
  const chunks: Uint8Array[] = []
  let length = 0
  const end = (result: BodyResult): void => {
    request.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose)
    if ('failed' in result) budget.give(length)
    resolve(result)
  }
  const onData = (chunk: Uint8Array): void => {
    if (length + chunk.length > limit) end({ failed: 'length' })
    else if (!budget.take(chunk.length)) end({ failed: 'memory' })
    else {
      length += chunk.length
      chunks.push(chunk)
    }
  }
  const onEnd = (): void => {
    const [first] = chunks
    const bytes = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks)
    end({ bytes, release: () => budget.give(length) })
  }
  const onClose = (): void => end({ failed: 'aborted' })
  request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose)
  if (Number(request.headers['content-length'] ?? 0) > limit) end({ failed: 'length' })
  return promise
}
