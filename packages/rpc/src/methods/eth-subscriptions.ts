/** @module What a caller is told without asking again. */
import { RpcError } from '../errors.ts'
import { toEthereumHeader } from '../ethereum/header.ts'
import { type LogFilter, logFilter } from '../ethereum/log-filter.ts'
import { toEthereumTransaction } from '../ethereum/transaction.ts'
import { newLogs } from '../filters/filter.ts'
import { FollowedChain } from '../filters/followed-chain.ts'
import type { RpcHost } from '../host.ts'
import { type Method, method } from '../method.ts'
import { invalid, optional, parameter, reader } from '../parameters/parameter.ts'
import { boolean, oneOf, text } from '../parameters/readers.ts'
import type { Json } from '../protocol/json.ts'
import type { RpcSession } from '../session.ts'
import { toHex } from '../text/hex.ts'

const MAX_ID_LENGTH = 66
const NO_FILTER: LogFilter = { addresses: new Set(), topics: [] }

type Details = LogFilter | boolean

/** A filter for logs; for transactions whether they are wanted whole. */
const details = reader(
  'a filter, or whether transactions are wanted whole',
  (value, at): Details => (typeof value === 'boolean' ? boolean.read(value, at) : logFilter.read(value, at)),
)

/** eth_subscribe and eth_unsubscribe. */
export const SUBSCRIPTION_METHODS: readonly Method[] = [
  method(
    'eth_subscribe',
    'read',
    [
      parameter('type', oneOf('newHeads', 'logs', 'newPendingTransactions')),
      parameter('details', optional(details)),
    ],
    (host, [type, what], { session }) => {
      if (!session.canNotify)
        throw new RpcError(
          'rpc/unsupported',
          'eth_subscribe needs a connection that stays open, such as a WebSocket; filters do without',
        )
      if (type === 'newHeads') return subscribe(host, session, (tell) => heads(host, tell))
      if (type === 'newPendingTransactions') {
        if (typeof what === 'object') throw invalid('details', 'is neither true nor false')
        return subscribe(host, session, (tell) => transactions(host, what ?? false, tell))
      }
      if (typeof what === 'boolean') throw invalid('details', 'is no filter of logs')
      return subscribe(host, session, (tell) => logs(host, what ?? NO_FILTER, tell))
    },
  ),
  method(
    'eth_unsubscribe',
    'read',
    [parameter('subscription', text(MAX_ID_LENGTH))],
    (_, [id], { session }) => session.held(id)?.kind === 'subscription' && session.release(id),
  ),
]

/** Begins to tell, and gives what ends that. */
type Source = (tell: (item: Json) => void) => () => void

function subscribe(host: RpcHost, session: RpcSession, source: Source): string {
  const id = host.newId()
  const end = source((item) => session.notify(id, item))
  try {
    session.hold(id, { kind: 'subscription', end }, host.limits.subscriptions)
  } catch (error) {
    end()
    throw error
  }
  return id
}

function heads(host: RpcHost, tell: (item: Json) => void): () => void {
  const { vm } = host
  return vm.onBlock(() => {
    const { head } = vm.chain
    host.readLater(() => toEthereumHeader(vm.crypto, host.block(head)), tell)
  })
}

function logs(host: RpcHost, filter: LogFilter, tell: (item: Json) => void): () => void {
  const chain = new FollowedChain(host.vm.chain)
  return host.vm.onBlock(() =>
    host.readLater(
      () => newLogs(host, chain, filter),
      (found) => found.forEach(tell),
    ),
  )
}

function transactions(host: RpcHost, isWhole: boolean, tell: (item: Json) => void): () => void {
  return host.vm.pool.onArrival((pending) => {
    if (!isWhole) return tell(toHex(pending.hash))
    const { head } = host.vm.chain
    host.readLater(
      () => toEthereumTransaction({ ...host.setting, state: host.block(head).state }, pending),
      tell,
    )
  })
}
