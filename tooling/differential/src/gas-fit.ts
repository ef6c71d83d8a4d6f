import { ExitCode, METHOD_SEND } from '@troupe/hypervisor'
import type { ChargeList, Invocation } from './charges.ts'

/** Exit codes of calls that do not reach their method. */
const REJECTIONS: ReadonlySet<number> = new Set([ExitCode.USR_FORBIDDEN, ExitCode.USR_UNHANDLED_MESSAGE])
/** Fewest calls that a coefficient is fitted to. */
const FEWEST = 8

/** A model of a method: milligas of every call, and for each byte of parameters and of state. */
interface Model {
  readonly base: number
  readonly perParameterByte: number
  readonly perStateByte: number
}

/** Collects what the official code of an actor consumes, and fits the model of native actors to it. */
export class GasFit {
  readonly #actor: string
  readonly #invocations: Invocation[] = []

  constructor(actor: string) {
    this.#actor = actor
  }

  add(official: ChargeList): void {
    this.#invocations.push(...official.invocations.filter(({ actor }) => actor === this.#actor))
  }

  /** The model, as its lines stand in the definitions of actors. */
  describe(): string {
    const rejected = this.#invocations.filter(
      ({ exitCode }) => exitCode !== undefined && REJECTIONS.has(exitCode),
    )
    const entry = Math.round(median(rejected.map(({ execution }) => execution)) ?? 0)
    const methods = Map.groupBy(
      this.#invocations.filter(({ exitCode }) => exitCode === ExitCode.OK),
      ({ method }) => method,
    )
    const lines = [...methods]
      .filter(([method, calls]) => method !== METHOD_SEND && calls.length >= FEWEST)
      .map(([method, calls]) => {
        const { base, perParameterByte, perStateByte } = fit(calls)
        const model = { base: base - entry, perParameterByte, perStateByte }
        const error = worst(calls, { base, perParameterByte, perStateByte })
        return `  ${method}: ${JSON.stringify(model)} of ${calls.length} calls, off by up to ${(error * 100).toFixed(1)} %`
      })
    return [`${this.#actor}: entry ${entry} of ${rejected.length} rejected calls`, ...lines].join('\n')
  }
}

function stateBytes({ bytes, parameterBytes }: Invocation): number {
  return Math.max(0, bytes - parameterBytes)
}

/** Least squares; a coefficient that comes out negative, or that nothing tells, is left out. */
function fit(calls: readonly Invocation[]): Model {
  const features = [(call: Invocation) => call.parameterBytes, stateBytes]
  const varied = features.map((feature) => calls.length >= FEWEST && new Set(calls.map(feature)).size > 2)
  for (;;) {
    const used = features.filter((_, index) => varied[index])
    const solution = leastSquares(
      calls.map((call) => [1, ...used.map((feature) => feature(call))]),
      calls.map(({ execution }) => execution),
    )
    let at = 1
    const coefficients = varied.map((isUsed) => (isUsed ? (solution[at++] ?? 0) : 0))
    const negative = coefficients.findIndex((coefficient) => coefficient < 0)
    if (negative < 0) {
      const [perParameterByte = 0, perStateByte = 0] = coefficients.map(Math.round)
      return { base: Math.round(solution[0] ?? 0), perParameterByte, perStateByte }
    }
    varied[negative] = false
  }
}

function worst(calls: readonly Invocation[], model: Model): number {
  return Math.max(
    ...calls.map((call) => {
      const { base, perParameterByte, perStateByte } = model
      const predicted = base + perParameterByte * call.parameterBytes + perStateByte * stateBytes(call)
      return Math.abs(predicted / call.execution - 1)
    }),
  )
}

/** Solves the normal equations by elimination. */
function leastSquares(rows: readonly (readonly number[])[], results: readonly number[]): number[] {
  const size = rows[0]?.length ?? 0
  const matrix = Array.from({ length: size }, (_, i) => [
    ...Array.from({ length: size }, (_, j) => sum(rows.map((row) => (row[i] ?? 0) * (row[j] ?? 0)))),
    sum(rows.map((row, k) => (row[i] ?? 0) * (results[k] ?? 0))),
  ])
  for (let i = 0; i < size; i++) {
    const pivot = matrix[i] as number[]
    const scale = pivot[i] ?? 0
    if (Math.abs(scale) < 1e-9) continue
    for (let j = 0; j <= size; j++) pivot[j] = (pivot[j] ?? 0) / scale
    for (const [k, row] of matrix.entries()) {
      const factor = k === i ? 0 : (row[i] ?? 0)
      for (let j = 0; factor !== 0 && j <= size; j++) row[j] = (row[j] ?? 0) - factor * (pivot[j] ?? 0)
    }
  }
  return matrix.map((row) => row[size] ?? 0)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function median(numbers: readonly number[]): number | undefined {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]
}
