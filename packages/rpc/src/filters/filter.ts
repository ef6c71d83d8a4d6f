import type { Tipset } from 'troupe'
import { RpcError } from '../errors.ts'
import { blockHash } from '../ethereum/find-block.ts'
import { logsOf } from '../ethereum/find-logs.ts'
import type { LogFilter, LogQuery } from '../ethereum/log-filter.ts'
import type { RpcHost } from '../host.ts'
import type { Json } from '../protocol/json.ts'
import type { Held } from '../session.ts'
import { FollowedChain } from './followed-chain.ts'

/** Something that is asked again and again for what is new. */
export interface Filter extends Held {
  readonly kind: 'filter'
  /** What has happened since it was asked last. */
  changes(): Json[]
  /** What it was made with, where it is one of logs. */
  readonly query: LogQuery | undefined
  /** When it was asked last, by the host's clock. */
  lastAsked: number
  /** Whose it is, of those that share a session. */
  readonly client: string
}

/** Hashes of new blocks. */
export function blockFilter(host: RpcHost): Filter {
  const chain = new FollowedChain(host.vm.chain)
  return filterOf(host, () => {
    const { accept, added } = chain.step(host.limits.logBlocks)
    accept()
    return added.map(blockHash)
  })
}

/** Logs of new blocks, and again those of blocks that are gone, which are marked as removed. */
export function filterOfLogs(host: RpcHost, query: LogQuery): Filter {
  const chain = new FollowedChain(host.vm.chain)
  const changes = (): Json[] => {
    const logs = newLogs(host, chain, query.filter, rangeOf(query))
    if (logs.length > host.limits.logs) throw tooMuch(host, 'logs')
    return logs
  }
  return { ...filterOf(host, changes), query }
}

/** Blocks that a filter wants logs of, by their numbers. */
interface BlockRange {
  readonly first: bigint | undefined
  readonly last: bigint | undefined
}

/** Numbers bound what is to come; tags of blocks that move do not. */
function rangeOf({ from, to }: LogQuery): BlockRange {
  const numberOf = (reference: LogQuery['from']): bigint | undefined =>
    reference !== undefined && 'number' in reference ? reference.number : undefined
  return { first: numberOf(from), last: numberOf(to) }
}

/** What happened to the logs that a filter wants. @param range default: all blocks */
export function newLogs(
  host: RpcHost,
  chain: FollowedChain,
  filter: LogFilter,
  { first = 0n, last }: BlockRange = { first: undefined, last: undefined },
): { readonly [field: string]: Json }[] {
  const { accept, added, removed } = chain.step(host.limits.logBlocks)
  const isWanted = ({ header: { height } }: Tipset): boolean =>
    height >= first && (last === undefined || height <= last)
  const logs = [
    ...removed.filter(isWanted).flatMap((tipset) => logsOf(host, tipset, filter, true).reverse()),
    ...added.filter(isWanted).flatMap((tipset) => logsOf(host, tipset, filter)),
  ]
  accept()
  return logs
}

/** Hashes of transactions that come, before they are in a block. */
export function pendingFilter(host: RpcHost): Filter {
  const reader = host.arrivals.read()
  const changes = (): Json[] => {
    const hashes = reader.next()
    if (hashes === undefined) throw tooMuch(host, 'transactions')
    return hashes
  }
  return { ...filterOf(host, changes), end: reader.end }
}

function tooMuch({ limits }: RpcHost, what: string): RpcError {
  return new RpcError(
    'rpc/limit',
    `more than ${limits.logs} ${what} since the filter was asked last; it goes on from here`,
  )
}

function filterOf({ now }: RpcHost, changes: () => Json[]): Filter {
  return { kind: 'filter', changes, query: undefined, lastAsked: now(), client: '', end: () => {} }
}
