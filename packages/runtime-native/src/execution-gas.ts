import { ChargeName, type Kernel } from '@troupe/hypervisor'

/**
 * What the code of a method consumes, apart from its syscalls: a model fitted to measurements of the official Wasm actor. All in milligas.
 *
 * It is the gas of a compiled program that nobody runs here, so it is close and never exact; see the package's README.
 */
export interface MethodGas {
  /** Of every call whose caller the method accepts. */
  readonly base: number
  /** For each byte of parameters. */
  readonly perParameterByte?: number
  /** For each byte of state that is read or written. */
  readonly perStateByte?: number
}

/** What the code of an actor consumes around its methods, in milligas. */
export interface ActorGas {
  /** Pages of 64 KiB that an instance of the official module starts with. */
  readonly memoryPages: number
  /** Of every call, until its method is found: setting up, and reading what it is called with. */
  readonly entry: number
  /** Of every call that fails, on top: telling why. */
  readonly failure?: number
}

const PAGE_SIZE = 65_536

/** Charges one invocation's {@link ActorGas} and {@link MethodGas}, under the names that Wasm has in traces. */
export class ExecutionGas {
  readonly #kernel: Kernel
  #actor: ActorGas = { memoryPages: 0, entry: 0 }
  #method: MethodGas = { base: 0 }

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  /** The invocation begins. @throws {OutOfGas} */
  enter(actor: ActorGas): void {
    const { gas, rules } = this.#kernel
    this.#actor = actor
    gas.charge(ChargeName.WASM_MEMORY_INIT, rules.prices.onMemoryInit(actor.memoryPages * PAGE_SIZE))
    this.work(actor.entry)
  }

  /** A method begins. @param parameters bytes @throws {OutOfGas} */
  begin(method: MethodGas, parameters: number): void {
    this.#method = method
    this.work((method.perParameterByte ?? 0) * parameters)
  }

  /** The method has accepted its caller. @throws {OutOfGas} */
  accept(): void {
    this.work(this.#method.base)
  }

  /** The call fails. @throws {OutOfGas} */
  fail(): void {
    this.work(this.#actor.failure ?? 0)
  }

  /** A block of `bytes` is read or written. @throws {OutOfGas} */
  touch(bytes: number): void {
    this.work((this.#method.perStateByte ?? 0) * bytes)
  }

  /** Work of a method's own. @param milligas whole @throws {OutOfGas} */
  work(milligas: number): void {
    this.#kernel.gas.charge(ChargeName.WASM_EXEC, milligas)
  }
}
