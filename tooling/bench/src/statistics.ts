/** @module What is said of repeated measurements. */

/** How samples are spread. All in the unit of the samples. */
export interface Spread {
  readonly count: number
  readonly min: number
  readonly median: number
  /** Nine of ten samples are no greater. */
  readonly p90: number
  readonly max: number
  /** Median absolute deviation: half of the samples are no further from the median. */
  readonly mad: number
}

/** The spread of samples. @throws {RangeError} where there are none */
export function spreadOf(samples: readonly number[]): Spread {
  const sorted = samples.toSorted((a, b) => a - b)
  const median = quantile(sorted, 0.5)
  const deviations = sorted.map((sample) => Math.abs(sample - median)).sort((a, b) => a - b)
  return {
    count: sorted.length,
    min: quantile(sorted, 0),
    median,
    p90: quantile(sorted, 0.9),
    max: quantile(sorted, 1),
    mad: quantile(deviations, 0.5),
  }
}

/**
 * The value below which a share of ascending samples lies, linear between neighbours.
 *
 * @param share 0 to 1
 * @throws {RangeError} where there are no samples
 */
export function quantile(sorted: readonly number[], share: number): number {
  if (sorted.length === 0) throw new RangeError('no samples')
  const position = share * (sorted.length - 1)
  const below = Math.floor(position)
  const low = sorted[below] as number
  const high = sorted[Math.ceil(position)] as number
  return low + (high - low) * (position - below)
}

/** The geometric mean of positive numbers. @throws {RangeError} where there are none */
export function geometricMean(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('no values')
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length)
}

/** What each sample of one series is of the sample of another that was taken beside it. */
export function pairwiseRatios(numerators: readonly number[], denominators: readonly number[]): number[] {
  if (numerators.length !== denominators.length) throw new RangeError('series of two lengths')
  return numerators.map((numerator, index) => numerator / (denominators[index] as number))
}
