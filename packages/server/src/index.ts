export type { StrangerAccess } from './calls/access.ts'
export {
  type Answer,
  type ChainReading,
  type Endpoint,
  type EndpointSession,
  type LocalChainParts,
  localEndpoint,
} from './endpoint/endpoint.ts'
export { connectEndpoint, type ExposeOptions, exposeEndpoint } from './endpoint/remote-endpoint.ts'
export { ServerError, type ServerErrorCode } from './errors.ts'
export { SERVER_LIMITS, type ServerLimits } from './limits.ts'
export type { LogEntry, ServerLog } from './log.ts'
export { DEFAULT_PORT, RpcServer, type ServerOptions, startServer } from './server.ts'
