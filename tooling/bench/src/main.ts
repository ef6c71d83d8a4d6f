/** @module Runs benchmarks: `npm run bench -- [--only NAME]... [--quick] [--vectors DIR] [--rivals] [--snailtracer FILE] [--xsnap FILE] [--json FILE] [--results DIR]`. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BenchmarkContext } from './benchmark.ts'
import { BENCHMARKS } from './benchmarks/index.ts'
import { renderChart } from './chart.ts'
import { observeEnvironment } from './environment.ts'
import { readOptions } from './options.ts'
import { type BenchmarkRun, renderReport, reportOf } from './report.ts'

const { only, quick, json, results, vectors, rivals, snailtracer, xsnap } = readOptions(
  process.argv.slice(2),
  process.env,
  BENCHMARKS.map(({ name }) => name),
)
const context: BenchmarkContext = {
  quick,
  sampling: quick ? { warmUpMs: 100, measureMs: 200 } : { warmUpMs: 500, measureMs: 1_500 },
  vectors,
  rivals,
  snailtracer,
  xsnap,
  report: (text) => console.error(`  ${text}`),
}

const environment = observeEnvironment()
const runs: BenchmarkRun[] = []
for (const benchmark of BENCHMARKS) {
  if (only.length > 0 && !only.includes(benchmark.name)) continue
  console.error(`${benchmark.name}: ${benchmark.about}`)
  runs.push({ benchmark, result: await benchmark.run(context) })
}

const report = reportOf(runs, environment(), quick)
const charts = runs.flatMap(({ result }) => ('skipped' in result ? [] : (result.charts ?? [])))
const asJson = `${JSON.stringify(report, null, 2)}\n`
const asMarkdown = renderReport(report)
if (json !== undefined) writeFileSync(json, asJson)
if (results !== undefined) {
  mkdirSync(results, { recursive: true })
  writeFileSync(join(results, 'results.json'), asJson)
  const pictures = charts.map(({ name, title }) => `![${title}](./${name}.svg)\n`)
  writeFileSync(join(results, 'results.md'), [asMarkdown, ...pictures].join('\n'))
  for (const chart of charts) writeFileSync(join(results, `${chart.name}.svg`), renderChart(chart))
}
process.stdout.write(asMarkdown)
if (report.warning !== undefined) console.error(`\nwarning: ${report.warning}`)
