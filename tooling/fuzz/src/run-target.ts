import fc from 'fast-check'
import { formatInput } from './format-input.ts'
import { claim, type OpenTarget } from './target.ts'

/** How a target is run. */
export interface RunOptions {
  readonly seed: number
  readonly cases: number
  /** Threads of this process that do the same at the same time, and whose memory cannot be told from this one's. Default: 1. */
  readonly jobs?: number
  /** Called before each case, with the input; inputs of shrinking included. */
  readonly onCase?: (input: unknown) => void
}

/** A fault: the first input that shows it, made as small as possible. */
export interface Finding {
  readonly seed: number
  /** Which case it was, from 1: the same seed and as many cases find it again. */
  readonly case: number
  /** The smallest input found, byte strings in hex. */
  readonly input: string
  readonly error: string
}

/** Most growth of the process's memory in one case, in KiB: a bounded reader has no use for it. */
const MAX_GROWTH_KIB = 512 * 1024
/** How long the smallest input is looked for. */
const SHRINKING_MS = 60_000

/** Runs a target until it has run all cases, or one has failed. */
export async function runTarget(
  target: OpenTarget,
  { seed, cases, jobs = 1, onCase }: RunOptions,
): Promise<Finding | undefined> {
  let failedAt: number | undefined
  let run = 0
  const property = fc.asyncProperty(target.inputs, async (input) => {
    onCase?.(input)
    run++
    // Nothing shrinks for ever: what is taken for no failure ends the search for a smaller one.
    if (failedAt !== undefined && performance.now() - failedAt > SHRINKING_MS) return
    try {
      await checkWithinBounds(target, input, jobs * MAX_GROWTH_KIB)
    } catch (error) {
      failedAt ??= performance.now()
      throw error
    }
  })
  const details = await fc.check(property, { seed, numRuns: cases })
  if (!details.failed) {
    claim(run === cases, 'every case is run')
    return undefined
  }
  const { errorInstance, counterexample, numRuns } = details
  return {
    seed,
    case: numRuns,
    input: formatInput(counterexample?.[0]),
    error:
      errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : String(errorInstance),
  }
}

async function checkWithinBounds(
  { check, limitMs }: OpenTarget,
  input: unknown,
  maxGrowthKib: number,
): Promise<void> {
  const start = performance.now()
  const memory = process.resourceUsage().maxRSS
  const checked = check(input)
  // Most targets have an answer at once, and waiting for it would take them longer than the case.
  if (checked !== undefined) await checked
  const took = performance.now() - start
  claim(took <= limitMs, `a case takes at most ${limitMs} ms: it took ${Math.round(took)}`)
  const growth = process.resourceUsage().maxRSS - memory
  claim(growth <= maxGrowthKib, `a case takes at most ${maxGrowthKib} KiB: it took ${growth}`)
}
