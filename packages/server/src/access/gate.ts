import type { IncomingMessage } from 'node:http'
import type { StrangerAccess } from '../calls/access.ts'
import type { RejectionReason } from '../metrics/server-metrics.ts'
import { isHostAllowed, isLoopback } from './host.ts'
import { isOriginAllowed } from './origin.ts'
import { shownToken } from './token.ts'

/** Who a server is for. */
export interface GateOptions {
  /** The address that it is bound to. */
  readonly host: string
  /** Names under which it may be called besides those of this machine. */
  readonly names: readonly string[]
  /** Origins of pages that may call. */
  readonly origins: readonly string[]
  readonly token: string | undefined
  readonly strangers: StrangerAccess
}

/** What a request may do, or why it may do nothing. */
export type Admission =
  | { readonly isTrusted: boolean; readonly strangers: StrangerAccess; readonly origin: string | undefined }
  | { readonly status: 401 | 403; readonly reason: RejectionReason; readonly message: string }

/** Looks at who asks, before what is asked. */
export class Gate {
  readonly #options: GateOptions
  readonly #isLoopback: boolean

  constructor(options: GateOptions) {
    this.#options = options
    this.#isLoopback = isLoopback(options.host)
  }

  admit({ headers }: IncomingMessage): Admission {
    const { names, origins, strangers, token } = this.#options
    const { authorization, host, origin } = headers
    if (this.#isLoopback && !isHostAllowed(host, names))
      return {
        status: 403,
        reason: 'host',
        message: 'this server is not called so: it is for this machine only',
      }
    if (!isOriginAllowed(origin, host, origins))
      return { status: 403, reason: 'origin', message: 'pages of this origin may not call this server' }
    const shown = token === undefined ? 'right' : shownToken(authorization, token)
    if (shown === 'wrong')
      return { status: 401, reason: 'token', message: 'this is not the token of this server' }
    return { isTrusted: shown === 'right', strangers, origin }
  }
}
