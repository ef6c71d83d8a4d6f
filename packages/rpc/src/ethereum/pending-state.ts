import { type Address, Executor, type Machine } from '@troupe/hypervisor'
import { BLOCK_GAS_LIMIT, chained } from 'troupe'
import { RpcError } from '../errors.ts'
import type { RpcHost } from '../host.ts'

/**
 * Executes what a sender has in the pool on a machine that nobody else uses: what he sends next is executed after it. Lotus does the same where it estimates gas.
 * @throws {RpcError} rpc/limit where he has more than `limits.pendingMessages`, or they ask for more gas than a block has
 */
export function executePending({ limits, vm }: RpcHost, machine: Machine, from: Address): void {
  const pending = vm.pool.pendingOf(from)
  const gas = pending.reduce((sum, { message }) => sum + message.gasLimit, 0n)
  if (pending.length > limits.pendingMessages || gas > BLOCK_GAS_LIMIT)
    throw new RpcError(
      'rpc/limit',
      `the sender has ${pending.length} messages that wait, with ${gas} gas; it is estimated after ${limits.pendingMessages} of them that fit into a block: say how much gas the transaction may use`,
    )
  const executor = new Executor(machine)
  for (const { isImpersonated: impersonate, length, message, signature } of pending.map(chained))
    executor.execute(message, { length, signature, impersonate })
}
