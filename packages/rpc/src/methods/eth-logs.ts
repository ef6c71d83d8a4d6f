/** @module Logs, and filters that are asked again and again for what is new. */

import { RpcError } from '../errors.ts'
import { findLogs } from '../ethereum/find-logs.ts'
import { logQuery } from '../ethereum/log-filter.ts'
import { blockFilter, filterOfLogs, pendingFilter } from '../filters/filter.ts'
import { heldFilter, holdFilter } from '../filters/hold-filter.ts'
import { type Method, method } from '../method.ts'
import { parameter } from '../parameters/parameter.ts'
import { text } from '../parameters/readers.ts'

const QUERY = parameter('filter', logQuery)
const FILTER_ID = parameter('filterId', text(66))

/** eth_getLogs, eth_new…Filter and what is done with filters. */
export const LOG_METHODS: readonly Method[] = [
  method('eth_getLogs', 'read', [QUERY], (host, [query]) => findLogs(host, query)),
  method('eth_newFilter', 'read', [QUERY], (host, [query], caller) => {
    if (query.blockHash !== undefined)
      throw new RpcError(
        'rpc/invalid-params',
        'filter.blockHash: the logs of one block never change; eth_getLogs has them',
      )
    return holdFilter(host, caller, filterOfLogs(host, query))
  }),
  method('eth_newBlockFilter', 'read', [], (host, _, caller) => holdFilter(host, caller, blockFilter(host))),
  method('eth_newPendingTransactionFilter', 'read', [], (host, _, caller) =>
    holdFilter(host, caller, pendingFilter(host)),
  ),
  method('eth_getFilterChanges', 'read', [FILTER_ID], (host, [id], caller) =>
    heldFilter(host, caller, id).changes(),
  ),
  method('eth_getFilterLogs', 'read', [FILTER_ID], (host, [id], caller) => {
    const { query } = heldFilter(host, caller, id)
    if (query === undefined) throw new RpcError('rpc/failed', `the filter ${id} is not one of logs`)
    return findLogs(host, query)
  }),
  method(
    'eth_uninstallFilter',
    'read',
    [FILTER_ID],
    (_, [id], { session }) => session.held(id)?.kind === 'filter' && session.release(id),
  ),
]
