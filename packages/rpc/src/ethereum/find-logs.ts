import type { Tipset } from 'troupe'
import { RpcError } from '../errors.ts'
import type { RpcHost } from '../host.ts'
import type { Json } from '../protocol/json.ts'
import { toHex } from '../text/hex.ts'
import { findBlock, findState } from './find-block.ts'
import { isWanted, type LogFilter, type LogQuery } from './log-filter.ts'
import { toEthereumLog } from './receipt.ts'

/**
 * The logs that a query wants, in the order in which they happened.
 * @throws {RpcError} rpc/limit for more blocks or logs than `limits` has; rpc/not-found for a block that nobody knows; rpc/invalid-params for a range that ends before it begins
 */
export function findLogs(host: RpcHost, { blockHash, filter, from, to }: LogQuery): Json[] {
  if (blockHash !== undefined) {
    const tipset = findBlock(host.vm, { hash: blockHash, requireCanonical: false })
    if (tipset === undefined) throw new RpcError('rpc/not-found', `there is no block ${toHex(blockHash)}`)
    return logsOf(host, tipset, filter)
  }
  const { height } = host.vm.chain.head.header
  const first = numberOf(host, from) ?? height
  const last = numberOf(host, to) ?? height
  if (first > last)
    throw new RpcError('rpc/invalid-params', `the filter ends at block ${last}, before it begins at ${first}`)
  const logs: Json[] = []
  for (const tipset of blocksBetween(host, first, last)) {
    logs.push(...logsOf(host, tipset, filter))
    if (logs.length > host.limits.logs)
      throw new RpcError(
        'rpc/limit',
        `the query has more than ${host.limits.logs} logs; ask for fewer blocks at once`,
      )
  }
  return logs
}

/** The logs of a block that a filter wants. @param isRemoved whether the block is not on the chain any more */
export function logsOf(
  host: RpcHost,
  tipset: Tipset,
  filter: LogFilter,
  isRemoved = false,
): { readonly [field: string]: Json }[] {
  if (!host.hasEvents(tipset)) return []
  const view = host.block(tipset)
  return view.entries.flatMap(({ hash, logs }) =>
    logs
      .filter((log) => isWanted(filter, log))
      .map((log) => ({ ...toEthereumLog(view, log, toHex(hash)), removed: isRemoved })),
  )
}

/** The blocks of some epochs, the first one first. */
function blocksBetween(host: RpcHost, first: bigint, last: bigint): Tipset[] {
  const { chain } = host.vm
  const blocks: Tipset[] = []
  for (let at = chain.tipsetAtOrBelow(last); at !== undefined && at.header.height >= first; ) {
    if (blocks.length === host.limits.logBlocks)
      throw new RpcError(
        'rpc/limit',
        `the query has more than ${host.limits.logBlocks} blocks; ask for fewer at once`,
      )
    blocks.push(at)
    const parent: Tipset['cid'] | undefined = at.header.parents[0]
    at = parent === undefined ? undefined : chain.tipset(parent)
  }
  return blocks.reverse()
}

function numberOf({ vm }: RpcHost, reference: LogQuery['from']): bigint | undefined {
  if (reference === undefined) return undefined
  return 'number' in reference ? reference.number : findState(vm, reference).header.height
}
