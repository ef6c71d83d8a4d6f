export {
  type Answer,
  type ChainReading,
  type Endpoint,
  type EndpointSession,
  type LocalChainParts,
  localEndpoint,
} from './endpoint.ts'
export { connectEndpoint, type ExposeOptions, exposeEndpoint } from './remote-endpoint.ts'
