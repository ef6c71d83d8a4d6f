/** How long something is measured. */
export interface Sampling {
  /** Runs that do not count: the engine compiles the code again while they last, and again. */
  readonly warmUpMs: number
  /** How long samples are taken. */
  readonly measureMs: number
  /** So many are taken even if that takes longer. Default: 5. */
  readonly minimumSamples?: number
}

const DEFAULT_MINIMUM_SAMPLES = 5
/** Rounds of warm-up even where one takes longer than the warm-up should. */
const MINIMUM_WARM_UP = 2

/**
 * Times runs against each other: A, B, A, B, ... in one process, so that whatever slows the machine down for a while slows down all of them.
 *
 * @param clock gives milliseconds
 * @returns milliseconds of each run, by its position in `runs`; samples of one round have one index
 */
export function timeInterleaved(
  runs: readonly (() => void)[],
  sampling: Sampling,
  clock: () => number = () => performance.now(),
): number[][] {
  const round = (): number[] =>
    runs.map((run) => {
      const start = clock()
      run()
      return clock() - start
    })
  const { warmUpMs, measureMs, minimumSamples = DEFAULT_MINIMUM_SAMPLES } = sampling
  repeat(round, warmUpMs, MINIMUM_WARM_UP, clock)
  const rounds = repeat(round, measureMs, minimumSamples, clock)
  return runs.map((_, index) => rounds.map((times) => times[index] as number))
}

/** Times one run again and again: milliseconds of each. */
export function timeRepeated(run: () => void, sampling: Sampling, clock?: () => number): number[] {
  return timeInterleaved([run], sampling, clock)[0] as number[]
}

function repeat<T>(work: () => T, milliseconds: number, atLeast: number, clock: () => number): T[] {
  const end = clock() + milliseconds
  const results: T[] = []
  while (results.length < atLeast || clock() < end) results.push(work())
  return results
}
