import { CodedError } from '@troupe/crypto'

/** Every code that this package throws. What a client does wrong is an answer of JSON-RPC, never one of these. */
export type ServerErrorCode =
  /** The port is taken, or the address is none of this host's. */
  | 'server/address'
  /** An option that makes no sense; the message names it. */
  | 'server/bad-option'
  /** Bound to where others can reach it, a server has to have a token. */
  | 'server/token-required'

/** What keeps a server from starting. */
export class ServerError extends CodedError<ServerErrorCode> {}
