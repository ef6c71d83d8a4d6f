export {
  type Answer,
  type ChainReading,
  type Endpoint,
  type EndpointSession,
  type LocalChainParts,
  localEndpoint,
} from './endpoint.ts'
export { connectEndpoint, exposeEndpoint } from './remote-endpoint.ts'
