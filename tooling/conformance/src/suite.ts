/** @module What a suite is: a name, and a run that gives rows. */

/** What became of one case of a suite. */
export interface Row {
  /** Stays the same from run to run. */
  readonly id: string
  readonly status: 'passed' | 'failed' | 'skipped'
  /** Why it was skipped, or how it failed. */
  readonly reason?: string
  /** Gas used; 0 where a suite does not count it. */
  readonly gas: bigint
  /** How many cases it stands for, where it stands for several. */
  readonly cases?: number
}

/** What can be said of how suites are run. */
export interface RunOptions {
  /** Where the vectors are. Default: where the command `troupe conformance` looks. */
  readonly vectors?: string
  /** Threads. */
  readonly jobs: number
  /** Told how many rows are done, and of how many. */
  readonly onProgress: (done: number, total: number) => void
}

/** The rows of a run, or why the suite cannot be run on this machine. */
export type SuiteResult = { readonly rows: readonly Row[] } | { readonly skipped: string }

/** A suite of cases with expectations that nobody in this project wrote, or that were taken down once. */
export interface Suite {
  readonly name: string
  /** What it is, and who says what is right. */
  readonly about: string
  /** What the committed numbers are of, where that is one state of a repository: `repository@commit`. */
  readonly source?: string
  run(options: RunOptions): Promise<SuiteResult>
}
