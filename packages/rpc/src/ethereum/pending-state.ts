import { type Address, Executor, type Machine } from '@troupe/hypervisor'
import { chained } from 'troupe'
import { RpcError } from '../errors.ts'
import type { RpcHost } from '../host.ts'

/**
 * Executes what a sender has in the pool on a machine that nobody else uses: what he sends next is executed after it. Lotus does the same where it estimates gas.
 * @throws {RpcError} rpc/limit where he has more than `limits.pendingMessages`
 */
export function executePending({ limits, vm }: RpcHost, machine: Machine, from: Address): void {
  const pending = vm.pool.pendingOf(from)
  if (pending.length > limits.pendingMessages)
    throw new RpcError(
      'rpc/limit',
      `the sender has ${pending.length} messages that wait, more than the ${limits.pendingMessages} after which gas is estimated: say how much gas the transaction may use`,
    )
  const executor = new Executor(machine)
  for (const { isImpersonated: impersonate, length, message, signature } of pending.map(chained))
    executor.execute(message, { length, signature, impersonate })
}
