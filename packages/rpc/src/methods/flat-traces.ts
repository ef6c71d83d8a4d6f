/** @module What transactions did, call by call, as Lotus tells it: trace_*. Blocks are executed again for it. */
import { toEthereumAddress } from '@troupe/hypervisor'
import type { Tipset } from 'troupe'
import { RpcError } from '../errors.ts'
import type { BlockView } from '../ethereum/block-view.ts'
import type { EvmCall } from '../ethereum/call-trace.ts'
import { findBlock, findState } from '../ethereum/find-block.ts'
import { findTransaction } from '../ethereum/find-transaction.ts'
import { TraceBudget, toFlatTraces } from '../ethereum/format-trace.ts'
import { blockBatch, callsOf } from '../ethereum/trace-batch.ts'
import type { RpcHost } from '../host.ts'
import { type Method, method } from '../method.ts'
import { type BlockReference, blockNumber, LATEST } from '../parameters/block-reference.ts'
import { optional, parameter, type Reader, reader } from '../parameters/parameter.ts'
import { address, count, hash, listOf, objectOf, quantity, text } from '../parameters/readers.ts'
import type { Json } from '../protocol/json.ts'
import { toHex } from '../text/hex.ts'

const MAX_ADDRESSES = 200

const addresses: Reader<readonly string[]> = reader('an address, or a list of them', (value, at) => {
  const read = Array.isArray(value)
    ? listOf(address, MAX_ADDRESSES).read(value, at)
    : [address.read(value, at)]
  return read.map((one) => toEthereumAddress(one) ?? '')
})
const traceFilter = objectOf('a filter', {
  fromBlock: optional(blockNumber),
  toBlock: optional(blockNumber),
  fromAddress: optional(addresses),
  toAddress: optional(addresses),
  after: optional(quantity),
  count: optional(count(1_000_000)),
})

/** trace_*. */
export const FLAT_TRACE_METHODS: readonly Method[] = [
  method('trace_block', 'read', [parameter('block', blockNumber)], (host, [block]) => {
    const view = blockOf(host, block)
    return flatTraces(host, view, new TraceBudget(host.limits.traceBytes))
  }),
  method('trace_transaction', 'read', [parameter('transactionHash', hash)], (host, [name]) => {
    const found = findTransaction(host, name)
    if (found === undefined) return null
    const { entry, view } = found
    return flatTraces(host, view, new TraceBudget(host.limits.traceBytes)).filter(
      (trace) => trace['transactionPosition'] === entry.index,
    )
  }),
  method(
    'trace_replayBlockTransactions',
    'read',
    [parameter('block', blockNumber), parameter('traceTypes', listOf(text(100), 10))],
    (host, [block, types]) => {
      if (types.length !== 1 || types[0] !== 'trace')
        throw new RpcError('rpc/unsupported', 'traceTypes: only ["trace"] is there, as in Lotus')
      const view = blockOf(host, block)
      const budget = new TraceBudget(host.limits.traceBytes)
      return replayed(host, view).map((calls, index) => ({
        output: toHex(calls[0]?.output ?? new Uint8Array()),
        stateDiff: null,
        trace: toFlatTraces(calls, budget),
        transactionHash: toHex(view.entries[index]?.hash ?? new Uint8Array()),
        vmTrace: null,
      }))
    },
  ),
  method('trace_filter', 'read', [parameter('filter', traceFilter)], (host, [filter]) =>
    filterTraces(host, filter),
  ),
]

function blockOf(host: RpcHost, reference: BlockReference): BlockView {
  const tipset = findBlock(host.vm, reference)
  if (tipset === undefined) throw new RpcError('rpc/not-found', 'there is no such block')
  return host.block(tipset)
}

/** The calls of each message of a block, which is executed again. */
function replayed(host: RpcHost, view: BlockView): EvmCall[][] {
  const { execute, manifest } = blockBatch(host, view)
  const { messages, ...after } = execute()
  return messages.map((message) => callsOf(manifest, after, message))
}

function flatTraces(
  host: RpcHost,
  view: BlockView,
  budget: TraceBudget,
): { readonly [field: string]: Json }[] {
  return replayed(host, view).flatMap((calls, index) =>
    toFlatTraces(calls, budget).map((trace) => ({
      ...trace,
      blockHash: view.hash,
      blockNumber: Number(view.number),
      transactionHash: toHex(view.entries[index]?.hash ?? new Uint8Array()),
      transactionPosition: index,
    })),
  )
}

type TraceFilter = ReturnType<typeof traceFilter.read>

function filterTraces(
  host: RpcHost,
  { after = 0n, count: wanted, fromAddress, fromBlock, toAddress, toBlock }: TraceFilter,
): Json {
  const { chain } = host.vm
  const [first, last] = [fromBlock, toBlock].map((reference) => findState(host.vm, reference ?? LATEST))
  const blocks: Tipset[] = []
  for (let at = last; at !== undefined && at.header.height >= (first?.header.height ?? 0n); ) {
    if (blocks.length === host.limits.traceBlocks)
      throw new RpcError(
        'rpc/limit',
        `the filter has more than ${host.limits.traceBlocks} blocks; ask for fewer at once`,
      )
    blocks.unshift(at)
    const parent: Tipset['cid'] | undefined = at.header.parents[0]
    at = parent === undefined ? undefined : chain.tipset(parent)
  }
  const budget = new TraceBudget(host.limits.traceBytes)
  const found: Json[] = []
  let [toSkip, gas] = [after, 0]
  for (const tipset of blocks) {
    if (host.isEmpty(tipset)) continue
    const view = host.block(tipset)
    gas += Number(view.entries.at(-1)?.cumulativeGas ?? 0n)
    if (gas > host.limits.traceGas)
      throw new RpcError(
        'rpc/limit',
        `the blocks have used more than ${host.limits.traceGas} gas, and are executed again; ask for fewer at once`,
      )
    for (const trace of flatTraces(host, view, budget)) {
      if (!isWanted(trace, fromAddress, toAddress)) continue
      if (toSkip-- > 0n) continue
      if (wanted !== undefined && found.length >= wanted) return found
      found.push(trace)
    }
  }
  return found
}

function isWanted(
  trace: { readonly [field: string]: Json },
  from: readonly string[] | undefined,
  to: readonly string[] | undefined,
): boolean {
  const { from: sender, to: receiver } = trace['action'] as { from: string; to?: string }
  const { address: created } = trace['result'] as { address?: string }
  const isFrom = from === undefined || from.length === 0 || from.includes(sender)
  return isFrom && (to === undefined || to.length === 0 || to.includes(receiver ?? created ?? ''))
}
