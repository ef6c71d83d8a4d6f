/** @module What transactions did, as go-ethereum tells it: debug_trace*. Blocks are executed again for it. */
import { RpcError } from '../errors.ts'
import { findBlock, findState } from '../ethereum/find-block.ts'
import { findTransaction } from '../ethereum/find-transaction.ts'
import { blockBatch, callBatch } from '../ethereum/trace-batch.ts'
import { ALL_STEPS, type TraceConfig, traceConfig } from '../ethereum/trace-config.ts'
import { traceBatch } from '../ethereum/tracers.ts'
import type { RpcHost } from '../host.ts'
import { type Method, method } from '../method.ts'
import { type BlockReference, blockNumber, blockReference, LATEST } from '../parameters/block-reference.ts'
import { callRequest } from '../parameters/call-request.ts'
import { optional, parameter } from '../parameters/parameter.ts'
import { hash } from '../parameters/readers.ts'
import type { Json } from '../protocol/json.ts'
import { toHex } from '../text/hex.ts'

const CONFIG = parameter('config', optional(traceConfig))

/** debug_trace*. */
export const DEBUG_TRACE_METHODS: readonly Method[] = [
  method(
    'debug_traceTransaction',
    'read',
    [parameter('transactionHash', hash), CONFIG],
    (host, [name, { choice } = ALL_STEPS]) => {
      const found = findTransaction(host, name)
      if (found === undefined)
        throw new RpcError('rpc/not-found', `transaction not found: no block has ${toHex(name)}`)
      const told = traceBatch(blockBatch(host, found.view), choice, host.limits, found.entry.index)
      return told[0] ?? null
    },
  ),
  method(
    'debug_traceCall',
    'read',
    [parameter('call', callRequest), parameter('block', optional(blockReference)), CONFIG],
    (host, [call, block = LATEST, config = ALL_STEPS]) => {
      const batch = callBatch(host, call, findState(host.vm, block), config)
      return traceBatch(batch, config.choice, host.limits)[0] ?? null
    },
  ),
  method(
    'debug_traceBlockByNumber',
    'read',
    [parameter('block', blockNumber), CONFIG],
    (host, [block, config]) => traceBlock(host, block, config),
  ),
  method(
    'debug_traceBlockByHash',
    'read',
    [parameter('blockHash', hash), CONFIG],
    (host, [blockHash, config]) => traceBlock(host, { hash: blockHash, requireCanonical: false }, config),
  ),
]

function traceBlock(host: RpcHost, reference: BlockReference, { choice }: TraceConfig = ALL_STEPS): Json {
  const tipset = findBlock(host.vm, reference)
  if (tipset === undefined) throw new RpcError('rpc/not-found', 'there is no such block')
  const view = host.block(tipset)
  return traceBatch(blockBatch(host, view), choice, host.limits).map((result, index) => ({
    txHash: toHex(view.entries[index]?.hash ?? new Uint8Array()),
    result,
  }))
}
