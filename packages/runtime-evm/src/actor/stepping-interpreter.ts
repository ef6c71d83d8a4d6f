import type { Frame, Result } from '../interpreter/frame.ts'
import { Interpreter, type InterpreterOptions } from '../interpreter/interpreter.ts'
import type { ContractHost } from './contract-host.ts'
import type { ContractInterpreter } from './run-code.ts'

/** Runs contracts' code: in an interpreter that tells each step where somebody wants to see them, otherwise in one that has no listener to look for. */
export class SteppingInterpreter<H extends ContractHost> implements ContractInterpreter<H> {
  readonly #plain: Interpreter<H>
  readonly #stepping: Interpreter<H>

  constructor(options: Omit<InterpreterOptions<H>, 'listener'>) {
    const { instructions } = options.instructions
    this.#plain = new Interpreter(options)
    this.#stepping = new Interpreter({
      ...options,
      listener: (frame, opcode) =>
        frame.host.tellStep(frame, opcode, instructions[opcode]?.name ?? 'INVALID'),
    })
  }

  run(frame: Frame<H>): Result {
    return (frame.host.wantsSteps ? this.#stepping : this.#plain).run(frame)
  }
}
