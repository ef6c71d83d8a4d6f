export { RPC_ERROR_NUMBERS, RpcError, type RpcErrorCode } from './errors.ts'
export type { ConsoleLine } from './host.ts'
export { RPC_LIMITS, type RpcLimits } from './limits.ts'
export type { MethodAccess, MethodDescription, MethodGroup } from './method.ts'
export type { Parameter, Reader } from './parameters/parameter.ts'
export type { Json } from './protocol/json.ts'
export {
  errorResponse,
  type RequestId,
  type RpcErrorObject,
  type RpcNotification,
  type RpcResponse,
} from './protocol/messages.ts'
export {
  ChainProvider,
  createProvider,
  type ProviderEvents,
  type ProviderRequest,
  ProviderRpcError,
} from './provider.ts'
export { createRpc, type Rpc, type RpcOptions } from './rpc.ts'
export { type Held, RpcSession, type SessionOptions } from './session.ts'
