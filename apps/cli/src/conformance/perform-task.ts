import type { CryptoProvider } from '@troupe/crypto'
import { describeError } from '../describe-error.ts'
import { readBounded } from '../files.ts'
import { JsonValue } from './exact-json.ts'
import { replayVariant } from './replay-variant.ts'
import { type Difference, formatDifference, runVariant, type VectorEnvironment } from './run-vector.ts'
import type { VectorAnswer, VectorOutcome, VectorTask } from './task.ts'
import {
  parseVector,
  parseVectorJson,
  type UnsupportedVector,
  type Vector,
  type VectorVariant,
} from './vector.ts'
import { decodeText, VECTOR_LIMITS } from './vector-text.ts'

/**
 * Performs a task. Whatever keeps the vector from being run, a failure of the host included, is an outcome: a suite goes on with the next one.
 */
export function performTask(task: VectorTask, environment: VectorEnvironment): VectorAnswer {
  const start = performance.now()
  try {
    const vector = readVector(task, environment.crypto)
    if (vector.unsupported !== undefined)
      return [
        {
          id: vector.id,
          status: 'skipped',
          reason: vector.unsupported,
          gas: 0n,
          milliseconds: elapsed(start),
        },
      ]
    return vector.variants.map((variant) => runOne(task, vector, variant, environment))
  } catch (error) {
    return [failure(task.name, error, start)]
  }
}

function runOne(
  task: VectorTask,
  vector: Vector,
  variant: VectorVariant,
  environment: VectorEnvironment,
): VectorOutcome {
  const start = performance.now()
  const id = vector.variants.length === 1 ? vector.id : `${vector.id}#${variant.id}`
  try {
    if (task.replay !== undefined) {
      const replay = replayVariant(vector, variant, environment, task.replay)
      const gas = replay.messages.reduce((sum, message) => sum + message.actual.gasUsed, 0n)
      return { ...judge(replay.differences), id, gas, milliseconds: elapsed(start), replay }
    }
    const { differences, results } = runVariant(vector, variant, environment)
    const gas = results.reduce((sum, { receipt }) => sum + receipt.gasUsed, 0n)
    return { ...judge(differences), id, gas, milliseconds: elapsed(start) }
  } catch (error) {
    return failure(id, error, start)
  }
}

/** The first difference is told: the others often follow from it. */
function judge([first, ...others]: readonly Difference[]): Pick<VectorOutcome, 'status' | 'reason'> {
  if (first === undefined) return { status: 'passed' }
  const more = others.length === 0 ? '' : `; also ${others.map(({ what }) => what).join(', ')}`
  return { status: 'failed', reason: `${formatDifference(first)}${more}` }
}

function failure(id: string, error: unknown, start: number): VectorOutcome {
  const report = describeError(error)
  const reason = [`${report.code}: ${report.message}`, ...report.causes.map(({ message }) => message)].join(
    '; ',
  )
  return { id, status: 'failed', reason, error: report, gas: 0n, milliseconds: elapsed(start) }
}

function readVector({ file, opened }: VectorTask, crypto: CryptoProvider): Vector | UnsupportedVector {
  if (opened !== undefined)
    return parseVectorJson(new JsonValue(opened.json), crypto, VECTOR_LIMITS, opened.car)
  const bytes = readBounded(file, VECTOR_LIMITS.textLength)
  return parseVector(decodeText(bytes, file), crypto)
}

function elapsed(start: number): number {
  return performance.now() - start
}
