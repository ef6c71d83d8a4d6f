/**
 * @module Counters, gauges and histograms, and their text for Prometheus (exposition format 0.0.4). The usual library takes a tenth of a second to load,
 * which is more than all else that a server needs.
 */

/** Values of labels, in the order of the labels' names. */
type LabelValues = readonly string[]

/** Series of one instrument at most; what comes after is counted under `other`. */
export const MAX_SERIES = 2_000
const OTHER = 'other'

/** What is common to instruments: a name, what it means, and a value for each combination of labels. */
abstract class Instrument<T> {
  readonly name: string
  readonly #help: string
  readonly #type: string
  readonly #labels: readonly string[]
  readonly #series = new Map<string, { readonly labels: LabelValues; value: T }>()

  constructor(type: string, name: string, help: string, labels: readonly string[]) {
    this.name = name
    this.#type = type
    this.#help = help
    this.#labels = labels
  }

  /** Lines for Prometheus. */
  render(): string[] {
    const lines = [`# HELP ${this.name} ${this.#help}`, `# TYPE ${this.name} ${this.#type}`]
    for (const { labels, value } of this.#series.values())
      lines.push(...this.lines(this.#pairs(labels), value))
    return lines
  }

  protected abstract lines(labels: readonly string[], value: T): string[]

  /** What is kept for labels, made where there is nothing yet. */
  protected at(labels: LabelValues, create: () => T): { value: T } {
    const key = labels.join('\n')
    const found = this.#series.get(key)
    if (found !== undefined) return found
    if (this.#series.size >= MAX_SERIES && labels.some((label) => label !== OTHER))
      return this.at(
        labels.map(() => OTHER),
        create,
      )
    const series = { labels, value: create() }
    this.#series.set(key, series)
    return series
  }

  #pairs(values: LabelValues): string[] {
    return this.#labels.map((label, index) => `${label}="${escapeLabel(values[index] ?? '')}"`)
  }
}

/** Counts up. */
export class Counter extends Instrument<number> {
  constructor(name: string, help: string, labels: readonly string[] = []) {
    super('counter', name, help, labels)
  }

  add(count: number, ...labels: string[]): void {
    this.at(labels, () => 0).value += count
  }

  protected lines(labels: readonly string[], value: number): string[] {
    return [sample(this.name, labels, value)]
  }
}

/** Has a value. */
export class Gauge extends Instrument<number> {
  constructor(name: string, help: string, labels: readonly string[] = []) {
    super('gauge', name, help, labels)
  }

  set(value: number, ...labels: string[]): void {
    this.at(labels, () => 0).value = value
  }

  protected lines(labels: readonly string[], value: number): string[] {
    return [sample(this.name, labels, value)]
  }
}

interface Distribution {
  /** Observations up to each bound, and above the last. */
  readonly counts: number[]
  sum: number
}

/** Counts observations by size. */
export class Histogram extends Instrument<Distribution> {
  readonly #bounds: readonly number[]

  /** @param bounds upper ends of the buckets, ascending */
  constructor(name: string, help: string, bounds: readonly number[], labels: readonly string[] = []) {
    super('histogram', name, help, labels)
    this.#bounds = bounds
  }

  observe(value: number, ...labels: string[]): void {
    const { value: seen } = this.at(labels, () => ({ counts: [...this.#bounds.map(() => 0), 0], sum: 0 }))
    const found = this.#bounds.findIndex((bound) => value <= bound)
    const bucket = found === -1 ? this.#bounds.length : found
    seen.counts[bucket] = (seen.counts[bucket] ?? 0) + 1
    seen.sum += value
  }

  protected lines(labels: readonly string[], { counts, sum }: Distribution): string[] {
    let total = 0
    const buckets = counts.map((count, index) => {
      total += count
      return sample(`${this.name}_bucket`, [...labels, `le="${this.#bounds[index] ?? '+Inf'}"`], total)
    })
    return [...buckets, sample(`${this.name}_sum`, labels, sum), sample(`${this.name}_count`, labels, total)]
  }
}

function sample(name: string, labels: readonly string[], value: number): string {
  return `${name}${labels.length === 0 ? '' : `{${labels.join(',')}}`} ${value}`
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
