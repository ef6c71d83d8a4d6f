import { RpcError } from '@troupe/rpc/errors'
import type { Endpoint } from '../endpoint/endpoint.ts'

/** What callers without the token may do: `read` only, or also `submit` what they have signed. Nobody but who has the token has the chain's own powers. */
export type StrangerAccess = 'read' | 'submit'

/** What a caller may do. */
export interface Permission {
  /** Whether it showed the token, or there is none. */
  readonly isTrusted: boolean
  readonly strangers: StrangerAccess
}

/**
 * Why a caller may not make a call; `undefined` where it may. What is no method, and what is no call, is for the chain to refuse: it does nothing.
 * @param method what the call names, whatever that is
 */
export function refusal(
  endpoint: Endpoint,
  method: unknown,
  { isTrusted, strangers }: Permission,
): RpcError | undefined {
  if (isTrusted || typeof method !== 'string') return undefined
  const access = endpoint.methods.get(method)?.access
  if (access === undefined || access === 'read' || access === strangers) return undefined
  return new RpcError(
    'rpc/unauthorized',
    `${method} changes the chain, and is for those who have the token of this server`,
  )
}
