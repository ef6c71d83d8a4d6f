/** @module Logs, and filters that are asked again and again for what is new. */

import { RpcError } from '../errors.ts'
import { findLogs } from '../ethereum/find-logs.ts'
import { logQuery } from '../ethereum/log-filter.ts'
import { blockFilter, type Filter, filterOfLogs, pendingFilter } from '../filters/filter.ts'
import type { RpcHost } from '../host.ts'
import { type Method, method } from '../method.ts'
import { parameter } from '../parameters/parameter.ts'
import { text } from '../parameters/readers.ts'
import type { RpcSession } from '../session.ts'

const QUERY = parameter('filter', logQuery)
const FILTER_ID = parameter('filterId', text(66))

/** eth_getLogs, eth_new…Filter and what is done with filters. */
export const LOG_METHODS: readonly Method[] = [
  method('eth_getLogs', 'read', [QUERY], (host, [query]) => findLogs(host, query)),
  method('eth_newFilter', 'read', [QUERY], (host, [query], session) => {
    if (query.blockHash !== undefined)
      throw new RpcError(
        'rpc/invalid-params',
        'filter.blockHash: the logs of one block never change; eth_getLogs has them',
      )
    return hold(host, session, filterOfLogs(host, query))
  }),
  method('eth_newBlockFilter', 'read', [], (host, _, session) => hold(host, session, blockFilter(host))),
  method('eth_newPendingTransactionFilter', 'read', [], (host, _, session) =>
    hold(host, session, pendingFilter(host)),
  ),
  method('eth_getFilterChanges', 'read', [FILTER_ID], (host, [id], session) =>
    ask(host, session, id).changes(),
  ),
  method('eth_getFilterLogs', 'read', [FILTER_ID], (host, [id], session) => {
    const { query } = ask(host, session, id)
    if (query === undefined) throw new RpcError('rpc/failed', `the filter ${id} is not one of logs`)
    return findLogs(host, query)
  }),
  method(
    'eth_uninstallFilter',
    'read',
    [FILTER_ID],
    (_, [id], session) => session.held(id)?.kind === 'filter' && session.release(id),
  ),
]

function hold(host: RpcHost, session: RpcSession, filter: Filter): string {
  forgetIdle(host, session)
  const id = host.newId()
  try {
    session.hold(id, filter, host.limits.filters)
  } catch (error) {
    filter.end()
    throw error
  }
  return id
}

/** The filter of an id. @throws {RpcError} rpc/not-found */
function ask(host: RpcHost, session: RpcSession, id: string): Filter {
  forgetIdle(host, session)
  const held = session.held(id)
  if (held?.kind !== 'filter')
    throw new RpcError(
      'rpc/not-found',
      `filter not found: ${id}. Filters are forgotten after ${host.limits.filterIdleMs / 1000} seconds without a question`,
    )
  const filter = held as Filter
  filter.lastAsked = host.now()
  return filter
}

/** Frees the filters that nobody asks any more. */
function forgetIdle({ limits, now }: RpcHost, session: RpcSession): void {
  const oldest = now() - limits.filterIdleMs
  for (const [id, held] of [...session.entries()])
    if (held.kind === 'filter' && (held as Filter).lastAsked < oldest) session.release(id)
}
