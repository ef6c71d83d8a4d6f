import { type Address, Executor, HypervisorError, type Machine } from '@troupe/hypervisor'
import { BLOCK_GAS_LIMIT, chained } from 'troupe'
import { RpcError } from '../errors.ts'
import type { RpcHost } from '../host.ts'

/**
 * Executes what a sender has in the pool on a machine that nobody else uses: what he sends next is executed after it. Lotus does the same where it estimates gas. What no block
 * can have, because its result is not as good as it has to be, is left out.
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
  for (const { isImpersonated: impersonate, message, ...options } of pending.map(chained))
    try {
      executor.execute(message, { ...options, impersonate })
    } catch (error) {
      if (!(error instanceof HypervisorError) || error.code !== 'message/fidelity') throw error
    }
}
