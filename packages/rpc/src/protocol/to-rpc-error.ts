import type { CodedError } from '@troupe/crypto'
import { TroupeError, type TroupeErrorCode } from 'troupe'
import { RpcError, type RpcErrorCode } from '../errors.ts'

/**
 * How Ethereum's clients know a refusal: they read the message, and look for what go-ethereum says.
 * Source: ethers 6 `JsonRpcApiProvider.getRpcError`; viem `errors/node.ts`.
 */
const KNOWN_PHRASES: Readonly<Partial<Record<TroupeErrorCode, string>>> = {
  'message/balance': 'insufficient funds for gas * price + value',
  'message/gasFeeCap': 'max fee per gas less than block base fee',
  'message/gasLimit': 'gas limit is not what a transaction may have',
  'message/sequence': 'nonce too low',
  'pool/known': 'already known',
  'pool/sequence-gap': 'nonce too high',
  'pool/underpriced': 'replacement transaction underpriced',
  'transaction/chainId': 'invalid chain id for signer',
}

/** What a refusal of the chain is to a caller. Its code stays in `data`. */
export function toRpcError(error: CodedError<string>): RpcError {
  if (error instanceof RpcError) return error
  const { code, message } = error
  const options = { data: { code }, cause: error }
  // The core's word for a message that no block can have.
  if (code === 'message/fidelity') return new RpcError('rpc/transaction-rejected', message, options)
  if (!(error instanceof TroupeError)) return new RpcError('rpc/failed', message, options)
  const phrase = KNOWN_PHRASES[error.code]
  return new RpcError(
    rpcCodeOf(error.code),
    phrase === undefined ? message : `${phrase}: ${message}`,
    options,
  )
}

/** Bytes that are no transaction are a wrong parameter, and a transaction that the chain does not take is refused. */
function rpcCodeOf(code: TroupeErrorCode): RpcErrorCode {
  if (code === 'transaction/malformed' || code.startsWith('rlp/')) return 'rpc/invalid-params'
  return /^(?:message|pool|transaction)\//u.test(code) ? 'rpc/transaction-rejected' : 'rpc/failed'
}
