import { Abort, ChargeName, MILLIGAS_PER_GAS } from '@troupe/hypervisor'
import { type ActorContext, ActorError } from '@troupe/runtime-native'
import { EvmError } from '../errors.ts'
import { nameOf } from '../ethereum/account.ts'
import { type EthereumFork, forkOf } from '../ethereum/fork.ts'
import { CODE_BYTE } from '../ethereum/schedule.ts'
import type { Contract } from './contract.ts'
import { contractAddressOfPrecompile } from './contract-address.ts'
import type { ContractEngine } from './contract-engine.ts'
import { EthereumContractGas, outOfGas } from './ethereum-contract-gas.ts'
import { EthereumContractHost } from './ethereum-contract-host.ts'
import { EthereumPrecompiles } from './ethereum-precompiles.ts'
import { EvmExitCode } from './exit-codes.ts'
import { type CodeCall, type ContractInterpreter, runCode } from './run-code.ts'
import { SteppingInterpreter } from './stepping-interpreter.ts'

/** Forks whose gas contracts of Filecoin can have: their code may use transient storage and may not begin with 0xef, and its end is paid by nobody. */
const FORKS = ['cancun', 'prague', 'osaka'] as const

/** A fork of Ethereum whose gas contracts can have. */
export type ContractFork = (typeof FORKS)[number]

/** The rules of a fork whose gas contracts can have. @throws {EvmError} evm/unsupported-fork for any other name */
export function contractForkOf(name: string): EthereumFork {
  if ((FORKS as readonly string[]).includes(name)) return forkOf(name)
  throw new EvmError('evm/unsupported-fork', `contracts have the gas of ${FORKS.join(', ')}, not ${name}`, {
    feature: name,
  })
}

/**
 * Contracts with Ethereum's gas: instructions, precompiles and prices of a fork, over the state and the calls of Filecoin's actor, for which the price list does not count.
 *
 * Whatever ends an invocation but a return or a revert takes all gas that it was given.
 */
export class EthereumEngine implements ContractEngine {
  readonly #interpreter: ContractInterpreter<EthereumContractHost>
  readonly #precompiles: EthereumPrecompiles
  readonly #initCodeLimit: number
  /** What is warm from the start of every message: precompiles, and the coinbase, which is nobody (EIP-3651). */
  readonly #alwaysWarm: ReadonlySet<string>

  constructor({ instructions, name, schedule }: EthereumFork) {
    this.#interpreter = new SteppingInterpreter<EthereumContractHost>({
      instructions,
      schedule: {
        ...schedule,
        memoryGrowth: ({ host }, before, after) => {
          host.takeMemory(after - before)
          return 0
        },
      },
    })
    this.#precompiles = new EthereumPrecompiles(name)
    this.#initCodeLimit = schedule.initCodeLimit
    this.#alwaysWarm = new Set([0n, ...this.#precompiles.all.map(contractAddressOfPrecompile)].map(nameOf))
  }

  run(contract: Contract, call: CodeCall): Uint8Array {
    const gas = new EthereumContractGas(contract.context.syscalls.kernel.gas)
    const host = new EthereumContractHost(contract, gas, call, this.#precompiles, this.#alwaysWarm)
    return runCode(this.#interpreter, contract, call, gas, host)
  }

  construct(contract: Contract, call: CodeCall): Uint8Array {
    const { gas } = contract.context.syscalls.kernel
    // A transaction of Ethereum that brings as much is refused (EIP-3860).
    if (call.code.bytes.length > this.#initCodeLimit) return outOfGas()
    const code = this.run(contract, call)
    const price = code.length * CODE_BYTE * MILLIGAS_PER_GAS
    if (gas.available < price) return outOfGas()
    gas.take(ChargeName.WASM_EXEC, price)
    return code
  }

  guard<T>({ syscalls }: ActorContext, invoke: () => T): T {
    try {
      return invoke()
    } catch (error) {
      if (takesAllGas(error)) syscalls.kernel.gas.takeAll(ChargeName.WASM_EXEC)
      throw error
    }
  }
}

/** Whether an end of an invocation is one that Ethereum takes all gas for. */
function takesAllGas(error: unknown): boolean {
  if (error instanceof ActorError) return error.exitCode !== EvmExitCode.REVERTED
  return error instanceof Abort
}
