import type { Frame, Result } from '../interpreter/frame.ts'
import { Interpreter, type InterpreterOptions } from '../interpreter/interpreter.ts'
import type { ContractHost } from './contract-host.ts'
import type { ContractInterpreter } from './run-code.ts'

/** Runs contracts' code: in an interpreter that tells each step where somebody wants to see them, otherwise in one that has no listener to look for. */
export class SteppingInterpreter implements ContractInterpreter {
  readonly #plain: Interpreter<ContractHost>
  readonly #stepping: Interpreter<ContractHost>

  constructor(options: Omit<InterpreterOptions<ContractHost>, 'listener'>) {
    const { instructions } = options.instructions
    this.#plain = new Interpreter(options)
    this.#stepping = new Interpreter({
      ...options,
      listener: (frame, opcode) =>
        frame.host.tellStep(frame, opcode, instructions[opcode]?.name ?? 'INVALID'),
    })
  }

  run(frame: Frame<ContractHost>): Result {
    return (frame.host.wantsSteps ? this.#stepping : this.#plain).run(frame)
  }
}
