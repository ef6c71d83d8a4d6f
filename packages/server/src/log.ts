/** Something that happened, for whoever keeps logs. What is not of every entry is what its event has to say. */
export type LogEntry =
  | {
      readonly level: 'info' | 'warn' | 'error'
      readonly event: 'call'
      readonly transport: 'http' | 'websocket'
      readonly client: string
      /** `unknown` for what is no method. */
      readonly method: string
      /** Number of the error; 0 for none. */
      readonly code: number
      /** What the error says, as far as it fits into a line. */
      readonly message?: string
      readonly milliseconds: number
    }
  | {
      readonly level: 'warn'
      readonly event: 'refused'
      readonly transport: 'http' | 'websocket'
      readonly client: string
      /** Status of HTTP, or with which a WebSocket was closed. */
      readonly status: number
      readonly reason: string
    }
  | { readonly level: 'info'; readonly event: 'listening' | 'closing' | 'closed'; readonly url: string }
  | { readonly level: 'error'; readonly event: 'failure'; readonly error: unknown }

/** Takes down what happens. */
export type ServerLog = (entry: LogEntry) => void
