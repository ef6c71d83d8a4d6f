import type { ActorContext } from '@troupe/runtime-native'
import { FILECOIN_INSTRUCTIONS } from '../interpreter/instructions.ts'
import type { Contract } from './contract.ts'
import { ContractGas } from './contract-gas.ts'
import { ContractHost } from './contract-host.ts'
import { CONTRACT_WORK, FVM_SCHEDULE } from './fvm-gas.ts'
import { ContractPrecompiles } from './precompile-calls.ts'
import { type CodeCall, type ContractInterpreter, runCode } from './run-code.ts'
import { SteppingInterpreter } from './stepping-interpreter.ts'

/** What runs contracts' code, and what it costs there. */
export interface ContractEngine {
  /** Runs code in a contract's name, and gives what it returns. @throws {ActorError | Abort | OutOfGas} as it ends otherwise */
  run(contract: Contract, call: CodeCall): Uint8Array
  /** Runs a constructor, and gives the code of the new contract. @throws as {@link run} */
  construct(contract: Contract, call: CodeCall): Uint8Array
  /** Does what an invocation of a contract is for, and sees to it that it ends as it should. @throws what `invoke` throws */
  guard<T>(context: ActorContext, invoke: () => T): T
}

/** Contracts with the gas of Filecoin's actor. */
export class FilecoinEngine implements ContractEngine {
  readonly #interpreter: ContractInterpreter<ContractHost> = new SteppingInterpreter({
    instructions: FILECOIN_INSTRUCTIONS,
    schedule: FVM_SCHEDULE,
  })
  readonly #precompiles = new ContractPrecompiles()

  run(contract: Contract, call: CodeCall): Uint8Array {
    contract.context.gas.work(CONTRACT_WORK.scanInstruction * call.code.instructions)
    const gas = new ContractGas(contract.context.syscalls.kernel.gas)
    const host = new ContractHost(contract, gas, call, this.#precompiles)
    return runCode(this.#interpreter, contract, call, gas, host)
  }

  construct(contract: Contract, call: CodeCall): Uint8Array {
    return this.run(contract, call)
  }

  guard<T>(_context: ActorContext, invoke: () => T): T {
    return invoke()
  }
}
