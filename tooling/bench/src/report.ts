/** @module The results of a run, as JSON and as Markdown. */
import type { Benchmark, BenchmarkResult, Measurement, Target } from './benchmark.ts'
import { type Environment, warnOfLoad } from './environment.ts'
import { type Spread, spreadOf } from './statistics.ts'

/** A benchmark with what it gave. */
export interface BenchmarkRun {
  readonly benchmark: Pick<Benchmark, 'name' | 'about'>
  readonly result: BenchmarkResult
}

/** What a run gave. */
export interface Report {
  readonly environment: Environment
  readonly warning?: string
  readonly quick: boolean
  readonly benchmarks: readonly ReportedBenchmark[]
}

interface ReportedBenchmark {
  readonly name: string
  readonly about: string
  readonly skipped?: string
  readonly notes: readonly string[]
  readonly measurements: readonly ReportedMeasurement[]
}

interface ReportedMeasurement extends Spread {
  readonly name: string
  readonly unit: string
  readonly target?: Target
  /** Whether the median reaches the target. */
  readonly reached?: boolean
}

/** Sums up a run. */
export function reportOf(runs: readonly BenchmarkRun[], environment: Environment, quick: boolean): Report {
  const warning = warnOfLoad(environment)
  return {
    environment,
    ...(warning === undefined ? {} : { warning }),
    quick,
    benchmarks: runs.map(({ benchmark: { name, about }, result }) =>
      'skipped' in result
        ? { name, about, skipped: result.skipped, notes: [], measurements: [] }
        : { name, about, notes: result.notes ?? [], measurements: result.measurements.map(reported) },
    ),
  }
}

function reported({ name, unit, samples, target }: Measurement): ReportedMeasurement {
  const spread = spreadOf(samples)
  if (target === undefined) return { name, unit, ...spread }
  const reached = target.better === 'higher' ? spread.median >= target.value : spread.median <= target.value
  return { name, unit, ...spread, target, reached }
}

/** The report for people. */
export function renderReport({ environment, warning, quick, benchmarks }: Report): string {
  const { date, node, v8, platform, cpu, cpuCount, memoryGiB, loadBefore, loadAfter } = environment
  const lines = [
    '# Measurements',
    '',
    `${date}, ${quick ? 'a quick run' : 'a full run'}: Node ${node}, V8 ${v8}, ${platform}, ${cpuCount} x ${cpu}, ${memoryGiB} GiB, load ${loadBefore} before and ${loadAfter} after.`,
    ...(warning === undefined ? [] : ['', `**${warning}**`]),
  ]
  for (const { name, about, skipped, notes, measurements } of benchmarks) {
    lines.push('', `## ${name}`, '', about)
    if (skipped !== undefined) lines.push('', `Skipped: ${skipped}.`)
    if (measurements.length > 0) lines.push('', ...renderMeasurements(measurements))
    if (notes.length > 0) lines.push('', ...notes.map((note) => `- ${note}`))
  }
  return `${lines.join('\n')}\n`
}

function renderMeasurements(measurements: readonly ReportedMeasurement[]): string[] {
  const rows = measurements.map(({ name, unit, median, min, p90, mad, count, target, reached }) => [
    name,
    unit,
    ...[median, min, p90, mad].map(formatNumber),
    String(count),
    target === undefined ? '' : `${target.better === 'higher' ? '≥' : '≤'} ${formatNumber(target.value)}`,
    reached === undefined ? '' : reached ? 'yes' : '**no**',
  ])
  return renderTable(['', 'unit', 'median', 'min', 'p90', 'MAD', 'samples', 'target', 'reached'], rows)
}

/** A table in Markdown; all columns but the first two are numbers. */
export function renderTable(titles: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const row = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [row(titles), `|${titles.map((_, i) => (i < 2 ? ' --- ' : ' ---: ')).join('|')}|`, ...rows.map(row)]
}

/** Three significant digits, or all that stand before the point, in groups of three. */
export function formatNumber(value: number): string {
  const [whole = '', fraction] = (
    Math.abs(value) >= 100 ? value.toFixed(0) : Number(value.toPrecision(3)).toString()
  ).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}
