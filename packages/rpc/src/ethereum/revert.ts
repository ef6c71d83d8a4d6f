import { exitCodeName, type MessageResult } from '@troupe/hypervisor'
import { type Revert, revertOfReceipt } from 'troupe/ethereum'
import { RpcError } from '../errors.ts'
import { toHex } from '../text/hex.ts'
import { knownErrorOf } from './evm-error.ts'

/** The error that a call is for its caller, which failed. */
export function callError({ failure, receipt }: MessageResult): RpcError {
  const revert = revertOfReceipt(receipt)
  if (revert !== undefined)
    return new RpcError('rpc/reverted', revertMessage(revert), { data: toHex(revert.data) })
  const { exitCode } = receipt
  const name = exitCodeName(exitCode)
  // Tools look for what go-ethereum says.
  const known = knownErrorOf(exitCode)
  return new RpcError(
    'rpc/failed',
    `${known === undefined ? '' : `${known}: `}the call failed with ${name}: ${failure?.message ?? 'no reason is known'}`,
    { data: { exitCode, name, backtrace: failure?.backtrace?.toString() ?? '' } },
  )
}

/** What go-ethereum says of a revert, with the reason where there is one. */
function revertMessage({ kind, reason }: Revert): string {
  if (kind === 'empty') return 'execution reverted'
  return `execution reverted: ${kind === 'panic' ? `panic: ${reason}` : reason}`
}
