export type { Benchmark, BenchmarkContext, BenchmarkResult, Measurement, Target } from './benchmark.ts'
export { type Chart, renderChart, type Series } from './chart.ts'
export { compileKernel, KERNEL_NAMES, type SourceName } from './compile-kernel.ts'
export { type Environment, observeEnvironment, warnOfLoad } from './environment.ts'
export { type Options, readOptions } from './options.ts'
export {
  type BenchmarkRun,
  formatNumber,
  type Report,
  renderReport,
  renderTable,
  reportOf,
} from './report.ts'
export { type Sampling, timeInterleaved, timeRepeated } from './sampling.ts'
export { geometricMean, pairwiseRatios, quantile, type Spread, spreadOf } from './statistics.ts'
