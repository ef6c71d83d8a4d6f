import type { Kernel } from '@troupe/hypervisor'
import { ExecutionGas } from './execution-gas.ts'
import { GuestMemory } from './guest-memory.ts'

/** What an instance and the functions it imports share during one invocation. */
export class Invocation {
  readonly kernel: Kernel
  readonly memory: GuestMemory = new GuestMemory()
  readonly gas: ExecutionGas
  /** What a host function threw that is no outcome of the protocol; it must not be taken for a trap of the code. */
  hostFailure: { readonly error: unknown } | undefined

  constructor(kernel: Kernel) {
    this.kernel = kernel
    this.gas = new ExecutionGas(kernel)
  }
}
