import { forkNameOf, runStateCase } from '@troupe/cli/src/conformance/evm/run-state-case.ts'
import type { StateCase, StateTest } from '@troupe/cli/src/conformance/evm/state-test.ts'
import type { CryptoProvider } from '@troupe/crypto'
import { forkOf, type TransactionOutcome } from '@troupe/runtime-evm/ethereum'
import { StepLog } from './step-log.ts'
import { runStockTransaction } from './stock-transaction.ts'

/** How the two went. */
export interface StepComparison {
  /** Instructions that both ran. */
  readonly steps: number
  readonly gasUsed: bigint
  /** How they differ, in words; nothing where they do not. */
  readonly differences: readonly string[]
}

const INVALID = 0xfe

/** Runs a case in our interpreter and in the original ethereumjs, and compares each step, whether the transaction ran at all, and the root of the state. */
export async function compareSteps(
  test: StateTest,
  stateCase: StateCase,
  crypto: CryptoProvider,
): Promise<StepComparison> {
  const ours = new StepLog()
  const { outcome, differences: wrong } = logSteps(test, stateCase, crypto, ours)
  const theirs = new StepLog()
  const stock = await runStockTransaction(test, stateCase, crypto, theirs)
  const differences = [...wrong]
  const at = ours.firstDifference(theirs)
  if (at !== undefined) {
    const [mine, other] = [new StepLog(at), new StepLog(at)]
    logSteps(test, stateCase, crypto, mine)
    await runStockTransaction(test, stateCase, crypto, other)
    differences.push(
      `step ${at} of ${ours.length}: ${mine.text}; ethereumjs, of ${theirs.length}: ${other.text}`,
    )
  }
  if ((outcome.kind === 'refused') !== (stock.refusal !== undefined))
    differences.push(`${describe(outcome)}; ethereumjs: ${stock.refusal ?? 'executed'}`)
  if (stock.stateRoot !== stateCase.stateRoot)
    differences.push(`state root of ethereumjs: ${stock.stateRoot}, expected ${stateCase.stateRoot}`)
  return { steps: ours.length, gasUsed: outcome.kind === 'executed' ? outcome.gasUsed : 0n, differences }
}

function describe(outcome: TransactionOutcome): string {
  return outcome.kind === 'refused' ? `refused: ${outcome.reason}` : 'executed'
}

function logSteps(
  test: StateTest,
  stateCase: StateCase,
  crypto: CryptoProvider,
  log: StepLog,
): ReturnType<typeof runStateCase> {
  const { instructions } = forkOf(forkNameOf(stateCase.fork)).instructions
  return runStateCase(test, stateCase, crypto, (frame, opcode) => {
    // The STOP after the end of code is no step there.
    if (frame.pc >= frame.code.bytes.length) return
    log.add({
      depth: frame.depth,
      pc: frame.pc,
      // The library has one name for all bytes that are no instructions.
      opcode: instructions[opcode] === undefined ? INVALID : opcode,
      gasLeft: frame.host.gasLeft(),
      memorySize: frame.memory.length,
      height: frame.height,
      peek: (below) => frame.peek(below),
    })
  })
}
