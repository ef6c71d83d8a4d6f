import type { CryptoProvider } from '@troupe/crypto'
import { EvmError } from '../errors.ts'
import { execute } from './execute.ts'
import type { Frame, Result, StepListener } from './frame.ts'
import type { GasSchedule } from './gas-schedule.ts'
import type { Host } from './host.ts'
import type { InstructionSet } from './instructions.ts'
import { createRules, type Rules, STACK_LIMIT } from './rules.ts'
import type { Word } from './word.ts'

/** What an interpreter is made of. */
export interface InterpreterOptions<H extends Host = Host> {
  readonly instructions: InstructionSet
  readonly schedule: GasSchedule<H>
  /** Not needed where the hosts hash themselves. */
  readonly crypto?: Pick<CryptoProvider, 'keccak256'>
  /** Is told of every instruction. Costs a comparison of a local where there is none. */
  readonly listener?: StepListener<H> | undefined
}

/**
 * Runs code of Ethereum's virtual machine, synchronously.
 *
 * It knows instructions and nothing else: prices are a {@link GasSchedule}, and the world is the {@link Host} of a frame, which makes frames of its own for the
 * calls it is asked for, and has this or another interpreter run them. Frames nest on the host's own stack: 1,024 of them need a larger one than
 * a thread has by default.
 */
export class Interpreter<H extends Host = Host> {
  readonly #rules: Rules<H>
  /** Stacks that no frame uses now. */
  readonly #stacks: Word[][] = []

  /** @throws {EvmError} `evm/bad-table` where the schedule's tables are not of 256 rows */
  constructor({ instructions, schedule, crypto, listener }: InterpreterOptions<H>) {
    this.#rules = createRules(
      instructions,
      schedule,
      crypto === undefined ? noKeccak : (data) => crypto.keccak256(data),
      listener,
    )
  }

  /**
   * Runs a frame to its end.
   *
   * @throws {EvmError} `host/stack-exhausted`, `host/memory-exhausted`; `evm/unsupported` where nobody has Keccak-256; and whatever the frame's host throws
   */
  run(frame: Frame<H>): Result {
    const stack = this.#stacks.pop() ?? createStack()
    try {
      return execute(this.#rules as unknown as Rules, frame, stack)
    } catch (error) {
      throw asHostFailure(error)
    } finally {
      this.#stacks.push(stack)
    }
  }
}

function noKeccak(): never {
  throw new EvmError('evm/unsupported', 'neither interpreter nor host has Keccak-256', {
    feature: 'KECCAK256',
  })
}

/** An array of the kind that holds anything from the start: one that changes its kind makes code that was compiled for it useless. */
function createStack(): Word[] {
  const stack: Word[] = [0n]
  for (let height = 1; height < STACK_LIMIT; height++) stack.push(0)
  return stack
}

/** An error that no rule knows, with the exhaustion of the native stack told apart: engines report that as they like. */
function asHostFailure(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const isExhaustion =
    (error instanceof RangeError && error.message.includes('call stack')) ||
    (error.name === 'InternalError' && error.message.includes('recursion'))
  return isExhaustion
    ? new EvmError('host/stack-exhausted', 'the native stack of this thread is too small for the call', {
        cause: error,
      })
    : error
}
