import { RpcError } from '@troupe/rpc/errors'
import { excessOf } from '../input/json-shape.ts'
import type { ServerLimits } from '../limits.ts'
import { limitError } from './error-answer.ts'

/** What a client sent: one call, or a batch. */
export interface ReadCalls {
  readonly isBatch: boolean
  /** Whatever JSON can say: whether it is a call is for the chain to find out. */
  readonly calls: readonly unknown[]
}

type ReadLimits = Pick<ServerLimits, 'batch' | 'nesting' | 'values'>

const decoder = new TextDecoder('utf-8', { fatal: true })

/**
 * Reads the calls of a request. What is too deep is refused before anything parses it.
 * @throws {RpcError} rpc/parse, rpc/invalid-request for a batch of none, rpc/limit for too many calls, values or levels
 */
export function readCalls(bytes: Uint8Array, limits: ReadLimits): ReadCalls {
  const value = parse(bytes, limits)
  if (!Array.isArray(value)) return { isBatch: false, calls: [value] }
  if (value.length === 0) throw new RpcError('rpc/invalid-request', 'this batch has no call')
  if (value.length > limits.batch)
    throw limitError(`a batch has at most ${limits.batch} calls, and this one ${value.length}`)
  return { isBatch: true, calls: value }
}

function parse(bytes: Uint8Array, limits: ReadLimits): unknown {
  const text = orParseError(() => decoder.decode(bytes))
  const excess = excessOf(text, limits)
  if (excess === 'nesting')
    throw limitError(`lists and objects are nested deeper than ${limits.nesting} levels`)
  if (excess === 'values') throw limitError(`these are more than ${limits.values} values`)
  return orParseError(() => JSON.parse(text) as unknown)
}

function orParseError<T>(read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof TypeError)) throw cause
    throw new RpcError('rpc/parse', 'this is no JSON', { cause })
  }
}
