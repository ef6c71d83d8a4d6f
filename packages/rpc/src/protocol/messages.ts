/** @module The objects of JSON-RPC 2.0. Source: https://www.jsonrpc.org/specification. */
import { RpcError } from '../errors.ts'
import { isJsonObject, type Json } from './json.ts'

/** What a request is found again by. `null` where that could not be read. */
export type RequestId = string | number | null

/** The answer to a request. */
export type RpcResponse =
  | { readonly jsonrpc: '2.0'; readonly id: RequestId; readonly result: Json }
  | { readonly jsonrpc: '2.0'; readonly id: RequestId; readonly error: RpcErrorObject }

/** An error, as a response has it. */
export interface RpcErrorObject {
  /** The number, of `RPC_ERROR_NUMBERS`. */
  readonly code: number
  readonly message: string
  readonly data?: Json
}

/** What is sent without being asked for: the next item of a subscription. */
export interface RpcNotification {
  readonly jsonrpc: '2.0'
  readonly method: 'eth_subscription'
  readonly params: { readonly subscription: string; readonly result: Json }
}

/** A request that was read. */
export interface RpcRequest {
  /** `undefined` for a notification, which is not answered. */
  readonly id: RequestId | undefined
  readonly method: string
  readonly params: readonly unknown[]
}

/** Characters of a method's name, and of an id. */
const MAX_NAME_LENGTH = 256

/**
 * Reads a request.
 * @throws {RpcError} rpc/invalid-request
 */
export function readRequest(value: unknown): RpcRequest {
  if (!isJsonObject(value)) throw new RpcError('rpc/invalid-request', 'a request is an object')
  const { jsonrpc, method, params = [] } = value
  // Version 1 says nothing; some tools still leave the field out.
  if (jsonrpc !== undefined && jsonrpc !== '2.0')
    throw new RpcError('rpc/invalid-request', 'jsonrpc: only version "2.0" is spoken here')
  if (typeof method !== 'string' || method.length > MAX_NAME_LENGTH)
    throw new RpcError('rpc/invalid-request', 'method: this is no name of a method')
  if (!Array.isArray(params))
    throw new RpcError('rpc/invalid-request', 'params: parameters are a list here, not an object')
  return { id: 'id' in value ? readId(value['id']) : undefined, method, params }
}

/** The id of something that may be a request, for the answer that it is none. */
export function idOf(value: unknown): RequestId {
  if (!isJsonObject(value)) return null
  const { id } = value
  const isText = typeof id === 'string' && id.length <= MAX_NAME_LENGTH
  return isText || typeof id === 'number' ? id : null
}

/** The answer that a request failed. */
export function errorResponse(id: RequestId, error: RpcError): RpcResponse {
  const { data, message, number: code } = error
  return {
    jsonrpc: '2.0',
    id,
    error: { code, message, ...(data === undefined ? {} : { data: data as Json }) },
  }
}

function readId(id: unknown): RequestId {
  const isText = typeof id === 'string' && id.length <= MAX_NAME_LENGTH
  if (isText || typeof id === 'number' || id === null) return id
  throw new RpcError('rpc/invalid-request', `id: a text of up to ${MAX_NAME_LENGTH} characters, or a number`)
}
