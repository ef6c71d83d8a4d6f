/** @module What waits for a block: txpool_*, in the shapes of go-ethereum. */
import type { PendingMessage } from 'troupe'
import { ABSENT_ADDRESS, ethereumAddressOf } from '../ethereum/address.ts'
import { toEthereumTransaction } from '../ethereum/transaction.ts'
import type { RpcHost } from '../host.ts'
import { type Method, method } from '../method.ts'
import { parameter } from '../parameters/parameter.ts'
import { address } from '../parameters/readers.ts'
import type { Json } from '../protocol/json.ts'
import { toQuantity } from '../text/hex.ts'

/** txpool_status and the like. */
export const POOL_METHODS: readonly Method[] = [
  method('txpool_status', 'read', [], (host) => {
    const { pending, queued } = split(host)
    return { pending: toQuantity(pending.length), queued: toQuantity(queued.length) }
  }),
  method('txpool_content', 'read', [], (host) => {
    const { state } = host.block(host.vm.chain.head)
    return lists(host, (pending) => toEthereumTransaction({ ...host.setting, state }, pending))
  }),
  method('txpool_contentFrom', 'read', [parameter('address', address)], (host, [who]) => {
    const { state } = host.block(host.vm.chain.head)
    const { pending, queued } = split(host)
    const own = (messages: readonly PendingMessage[]): Json =>
      Object.fromEntries(
        messages
          .filter(({ message }) => message.from.key === who.key)
          .map((one) => [
            String(one.message.sequence),
            toEthereumTransaction({ ...host.setting, state }, one),
          ]),
      )
    return { pending: own(pending), queued: own(queued) }
  }),
  // Those of the accounts whose keys are here.
  method('eth_pendingTransactions', 'read', [], (host) => {
    const { state } = host.block(host.vm.chain.head)
    const keys = new Set(host.vm.accounts.map(({ delegated }) => delegated.key))
    return host.vm.pool.pending
      .filter(({ message }) => keys.has(message.from.key))
      .map((one) => toEthereumTransaction({ ...host.setting, state }, one))
  }),
  method('txpool_inspect', 'read', [], (host) =>
    lists(host, ({ message: { gasFeeCap, gasLimit, to, value } }) => {
      const receiver = ethereumAddressOf(host.block(host.vm.chain.head).state, to) ?? ABSENT_ADDRESS
      return `${receiver}: ${value} wei + ${gasLimit} gas × ${gasFeeCap} wei`
    }),
  ),
]

/** What the next block can have, and what waits for another message first. */
function split({ vm }: RpcHost): { readonly pending: PendingMessage[]; readonly queued: PendingMessage[] } {
  const { pending: all } = vm.pool
  const isQueued = ({ cid }: PendingMessage): boolean => vm.pool.reasonToWait(cid)?.waitsFor === 'sequence'
  return { pending: all.filter((one) => !isQueued(one)), queued: all.filter(isQueued) }
}

/** By sender and nonce. */
function lists(host: RpcHost, show: (pending: PendingMessage) => Json): Json {
  const { state } = host.block(host.vm.chain.head)
  const bySender = (messages: readonly PendingMessage[]): Json => {
    const senders: Record<string, Record<string, Json>> = {}
    for (const pending of messages) {
      const { from, sequence } = pending.message
      const sender = ethereumAddressOf(state, from) ?? ABSENT_ADDRESS
      senders[sender] = { ...senders[sender], [String(sequence)]: show(pending) }
    }
    return senders
  }
  const { pending, queued } = split(host)
  return { pending: bySender(pending), queued: bySender(queued) }
}
