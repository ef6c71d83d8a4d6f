import type { CryptoProvider } from '@troupe/crypto'
import { describeError } from '../../describe-error.ts'
import { readBounded } from '../../files.ts'
import type { VectorAnswer, VectorOutcome, VectorTask } from '../task.ts'
import { decodeText } from '../vector-text.ts'
import { hasRules, runStateCase } from './run-state-case.ts'
import { MAX_STATE_TEST_LENGTH, parseStateTests, type StateCase, type StateTest } from './state-test.ts'

/** More gas than this is told as this: snapshots have whole numbers of JSON, and one case or two use up 2^63. */
const MAX_TOLD = BigInt(Number.MAX_SAFE_INTEGER)

/** Runs the state tests of a file. Whatever keeps one from being run is an outcome: a suite goes on with the next one. */
export function performStateTests({ file, name }: VectorTask, crypto: CryptoProvider): VectorAnswer {
  const start = performance.now()
  try {
    const tests = parseStateTests(decodeText(readBounded(file, MAX_STATE_TEST_LENGTH), file))
    return tests.flatMap((test) => test.cases.map((stateCase) => perform(name, test, stateCase, crypto)))
  } catch (error) {
    return [failure(name, error, start)]
  }
}

function perform(name: string, test: StateTest, stateCase: StateCase, crypto: CryptoProvider): VectorOutcome {
  const start = performance.now()
  const id = `${name}#${stateCase.id}`
  if (!hasRules(stateCase.fork)) {
    const reason = `there are no rules for ${stateCase.fork}: they begin with Istanbul`
    return { id, status: 'skipped', reason, gas: 0n, milliseconds: 0 }
  }
  try {
    const { outcome, differences } = runStateCase(test, stateCase, crypto)
    const used = outcome.kind === 'executed' ? outcome.gasUsed : 0n
    const gas = used < MAX_TOLD ? used : MAX_TOLD
    const milliseconds = performance.now() - start
    if (differences.length === 0) return { id, status: 'passed', gas, milliseconds }
    return { id, status: 'failed', reason: differences.join('; '), gas, milliseconds }
  } catch (error) {
    return failure(id, error, start)
  }
}

function failure(id: string, error: unknown, start: number): VectorOutcome {
  const report = describeError(error)
  const reason = [`${report.code}: ${report.message}`, ...report.causes.map(({ message }) => message)].join(
    '; ',
  )
  return { id, status: 'failed', reason, error: report, gas: 0n, milliseconds: performance.now() - start }
}
