import type { Kernel } from '@troupe/hypervisor'
import type { EngineInstance } from '../engine.ts'
import { ContainerError } from '../errors.ts'
import { ExecutionGas } from './execution-gas.ts'
import { GuestMemory } from './guest-memory.ts'
import type { Meter } from './meter.ts'

/** What an instance and the functions it imports share during one invocation; and, where the instance is used again, during the next. */
export class Invocation {
  readonly memory: GuestMemory = new GuestMemory()
  /** The instance, once there is one. */
  instance: EngineInstance | undefined
  /** What a host function threw that is no outcome of the protocol; it must not be taken for a trap of the code. */
  hostFailure: { readonly error: unknown } | undefined
  #meter: Meter | undefined
  #kernel: Kernel | undefined
  #gas: ExecutionGas | undefined

  /** @param kernel begins an invocation by it */
  constructor(kernel?: Kernel) {
    if (kernel !== undefined) this.begin(kernel, kernel)
  }

  /** On whose account it runs. */
  get meter(): Meter {
    return this.#meter ?? nobodyCalls()
  }

  /** Whose invocation it is. */
  get kernel(): Kernel {
    return this.#kernel ?? nobodyCalls()
  }

  get gas(): ExecutionGas {
    return this.#gas ?? nobodyCalls()
  }

  /**
   * Begins an invocation: the memory is not shown yet, and no gas counter attached.
   * @param kernel where there is one, and with it syscalls
   */
  begin(meter: Meter, kernel?: Kernel): void {
    this.#meter = meter
    this.#kernel = kernel
    this.#gas = new ExecutionGas(meter)
    this.hostFailure = undefined
    this.memory.hide()
  }

  /** Ends it, and lets go of all that was the caller's. */
  end(): void {
    this.#meter = undefined
    this.#kernel = undefined
    this.#gas = undefined
    this.hostFailure = undefined
    this.memory.hide()
  }
}

function nobodyCalls(): never {
  throw new ContainerError('host/engine', 'an instance runs that nobody calls')
}
