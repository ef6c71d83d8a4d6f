/** @module What a caller is told without asking again. */

import { RpcError } from '../errors.ts'
import { toEthereumHeader } from '../ethereum/header.ts'
import type { RpcHost } from '../host.ts'
import { type Method, method } from '../method.ts'
import { parameter } from '../parameters/parameter.ts'
import { oneOf, text } from '../parameters/readers.ts'
import type { RpcSession } from '../session.ts'

const MAX_ID_LENGTH = 66

/** eth_subscribe and eth_unsubscribe. */
export const SUBSCRIPTION_METHODS: readonly Method[] = [
  method('eth_subscribe', 'read', [parameter('type', oneOf('newHeads'))], (host, _, session) =>
    subscribeToHeads(host, session),
  ),
  method(
    'eth_unsubscribe',
    'read',
    [parameter('subscription', text(MAX_ID_LENGTH))],
    (_, [id], session) => session.held(id)?.kind === 'subscription' && session.release(id),
  ),
]

function subscribeToHeads(host: RpcHost, session: RpcSession): string {
  if (!session.canNotify)
    throw new RpcError(
      'rpc/unsupported',
      'eth_subscribe needs a connection that stays open, such as a WebSocket; filters do without',
    )
  const { limits, vm } = host
  const id = host.newId()
  const stop = vm.onBlock(() => session.notify(id, toEthereumHeader(vm.crypto, host.block(vm.chain.head))))
  try {
    session.hold(id, { kind: 'subscription', end: stop }, limits.subscriptions)
  } catch (error) {
    stop()
    throw error
  }
  return id
}
