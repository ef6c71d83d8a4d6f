/** @module What a benchmark is, and what it gives. */
import type { Chart } from './chart.ts'
import type { Sampling } from './sampling.ts'

/** A value to reach. */
export interface Target {
  readonly value: number
  readonly better: 'higher' | 'lower'
}

/** Repeated measurements of one thing. */
export interface Measurement {
  readonly name: string
  /** Of the samples: `ms`, `MB/s`, `ops/s`, ... A ratio has none. */
  readonly unit: string
  readonly samples: readonly number[]
  /** What the median is compared with. */
  readonly target?: Target
}

/** What a benchmark gives: measurements, or why there are none here. */
export type BenchmarkResult =
  | {
      readonly measurements: readonly Measurement[]
      /** What a reader has to know of how it was measured. */
      readonly notes?: readonly string[]
      readonly charts?: readonly Chart[]
    }
  | { readonly skipped: string }

/** What benchmarks are run with. */
export interface BenchmarkContext {
  /** Fewer samples, smaller sizes. */
  readonly quick: boolean
  /** For whatever is timed in this process. */
  readonly sampling: Sampling
  /** Where the official test vectors are, if anywhere. */
  readonly vectors: string | undefined
  /** Whether engines to compare with may be fetched from npm. */
  readonly rivals: boolean
  /** The source of a contract that is somebody else's. */
  readonly snailtracer: string | undefined
  /** Agoric's `xsnap-worker`, if it is there. */
  readonly xsnap: string | undefined
  /** Says what is going on. */
  readonly report: (text: string) => void
}

/** One benchmark. */
export interface Benchmark {
  readonly name: string
  /** What it measures, in a sentence. */
  readonly about: string
  run(context: BenchmarkContext): Promise<BenchmarkResult>
}
