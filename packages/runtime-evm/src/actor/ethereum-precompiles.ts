import type { CryptoProvider } from '@troupe/crypto'
import { ChargeName, type GasTracker, MILLIGAS_PER_GAS } from '@troupe/hypervisor'
import type { CallRequest } from '../interpreter/host.ts'
import { createPrecompiles, type PrecompileFork, rowsOfFork } from '../precompiles/ethereum.ts'
import type { Precompiles } from '../precompiles/precompile.ts'
import type { Contract } from './contract.ts'
import { NATIVE_PRECOMPILES } from './native-precompiles.ts'
import type { PrecompileSet, ReservedAddress } from './precompile-calls.ts'

/**
 * The precompiles of a fork of Ethereum with their prices there, and Filecoin's own, for which the price list counts: they call what is not Ethereum's. One of Ethereum's that fails takes all gas of its call.
 */
export class EthereumPrecompiles implements PrecompileSet {
  readonly #fork: PrecompileFork
  readonly #numbers: ReadonlySet<number>
  readonly #known = new WeakMap<CryptoProvider, Precompiles>()

  constructor(fork: PrecompileFork) {
    this.#fork = fork
    this.#numbers = new Set(rowsOfFork(fork).map(({ address }) => address))
  }

  /** Where they are. */
  get all(): readonly ReservedAddress[] {
    const native = Array.from(NATIVE_PRECOMPILES.keys(), (number) => ({ isNative: true, number }))
    return [...Array.from(this.#numbers, (number) => ({ isNative: false, number })), ...native]
  }

  has({ isNative, number }: ReservedAddress): boolean {
    return isNative ? NATIVE_PRECOMPILES.has(number) : this.#numbers.has(number)
  }

  call(
    contract: Contract,
    { isNative, number }: ReservedAddress,
    request: CallRequest,
  ): Uint8Array | undefined {
    const { calls, gas } = contract.context.syscalls.kernel
    if (isNative) return callNative(contract, number, request)
    const precompile = this.#of(calls.machine.crypto).get(number)
    if (precompile === undefined) return new Uint8Array()
    const price = precompile.gas(request.input)
    const output = price > request.gas ? 'gas' : precompile.run(request.input)
    const isFailure = typeof output === 'string'
    gas.take(ChargeName.WASM_EXEC, (isFailure ? request.gas : price) * MILLIGAS_PER_GAS)
    return isFailure ? undefined : output
  }

  #of(crypto: CryptoProvider): Precompiles {
    const known = this.#known.get(crypto) ?? createPrecompiles(rowsOfFork(this.#fork), crypto)
    this.#known.set(crypto, known)
    return known
  }
}

function callNative(contract: Contract, number: number, request: CallRequest): Uint8Array | undefined {
  const native = NATIVE_PRECOMPILES.get(number)
  if (native === undefined) return new Uint8Array()
  // Storage is paid for by Ethereum's prices.
  contract.flush()
  return charged(contract.context.syscalls.kernel.gas, () => native(contract, request))
}

/** Does what the price list counts for. */
function charged<T>(gas: GasTracker, run: () => T): T {
  gas.isFree = false
  try {
    return run()
  } finally {
    gas.isFree = true
  }
}
