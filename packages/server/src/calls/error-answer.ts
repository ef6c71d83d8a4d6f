import { RpcError } from '@troupe/rpc/errors'
import type { Answer } from '../endpoint/endpoint.ts'

/** Characters of an id that is given back. */
const MAX_ID_LENGTH = 256

/** The answer to a call that never gets to the chain. @param call what may be a call, for its id */
export function errorAnswer(call: unknown, error: RpcError): Answer {
  const { message, number: code } = error
  return { text: JSON.stringify({ jsonrpc: '2.0', id: idOf(call), error: { code, message } }), code }
}

/** An error for more than a client may do. */
export function limitError(message: string): RpcError {
  return new RpcError('rpc/limit', message)
}

function idOf(call: unknown): string | number | null {
  if (typeof call !== 'object' || call === null || !('id' in call)) return null
  const { id } = call
  const isText = typeof id === 'string' && id.length <= MAX_ID_LENGTH
  return isText || typeof id === 'number' ? id : null
}
