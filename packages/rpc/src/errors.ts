import { CodedError } from '@troupe/crypto'

/** Every code that this package throws, and the number that stands for it in JSON-RPC. Source: JSON-RPC 2.0, EIP-1474, EIP-1193, and geth for 3. */
export const RPC_ERROR_NUMBERS = {
  /** What came is no JSON. */
  'rpc/parse': -32700,
  /** JSON, but no request. */
  'rpc/invalid-request': -32600,
  'rpc/unknown-method': -32601,
  /** A parameter is not what the method takes; the message names it. */
  'rpc/invalid-params': -32602,
  /** The host failed: a bug, or a store that cannot answer. */
  'rpc/internal': -32603,
  /** The chain cannot do what it is asked. `data` has its reason. */
  'rpc/failed': -32000,
  'rpc/not-found': -32001,
  /** The chain does not take the transaction or message. `data` has its reason. */
  'rpc/transaction-rejected': -32003,
  /** There is such a method, and it cannot be answered here; the message says why. */
  'rpc/unsupported': -32004,
  /** More than one may ask for at once. */
  'rpc/limit': -32005,
  /** The transaction waits for a block, and did so for as long as the caller wanted to. `data` is its hash. Source: EIP-7966. */
  'rpc/still-waiting': 4,
  /** A contract reverted. `data` is what it reverted with, in hexadecimal. */
  'rpc/reverted': 3,
  /** Why a call cannot be simulated. Source: execution-apis, `eth_simulateV1`. */
  'simulation/nonce-too-low': -38010,
  'simulation/nonce-too-high': -38011,
  'simulation/fee-cap-too-low': -38012,
  'simulation/intrinsic-gas': -38013,
  'simulation/insufficient-funds': -38014,
  'simulation/block-gas-limit': -38015,
  'simulation/block-number': -38020,
  'simulation/block-time': -38021,
  'simulation/limit': -38026,
  /** The account is not one that this chain signs for. */
  'rpc/unauthorized': 4100,
  /** The provider has no such method. */
  'provider/unsupported-method': 4200,
  /** The provider's chain was closed. */
  'provider/disconnected': 4900,
} as const

/** A code of {@link RPC_ERROR_NUMBERS}. */
export type RpcErrorCode = keyof typeof RPC_ERROR_NUMBERS

/** What a method answers where it has no result. */
export class RpcError extends CodedError<RpcErrorCode> {
  /** What JSON-RPC calls the code. */
  readonly number: number
  /** More about it, as JSON. */
  readonly data: unknown

  constructor(
    code: RpcErrorCode,
    message: string,
    { data, ...options }: ErrorOptions & { data?: unknown } = {},
  ) {
    super(code, message, options)
    this.number = RPC_ERROR_NUMBERS[code]
    this.data = data
  }
}
