import { type Report, runWatched } from './run-watched.ts'
import type { Target } from './target.ts'

/** How many cases, from which seed, in how many threads. */
export interface JobOptions {
  readonly seed: number
  readonly cases: number
  /** Threads that share the cases. Each has a seed of its own, one above that of the job before: a finding says its own. */
  readonly jobs: number
}

/** Runs the cases of a target in several threads at a time. The first finding ends all of them. */
export async function runJobs(
  target: Target,
  { seed, cases, jobs }: JobOptions,
  onProgress: (begun: number) => void,
): Promise<Report> {
  const begun = new Array<number>(jobs).fill(0)
  const ending = new AbortController()
  const run = async (share: number, job: number): Promise<Report> => {
    const show = (count: number): void => {
      begun[job] = count
      onProgress(begun.reduce((total, one) => total + one, 0))
    }
    const options = { seed: seed + job, cases: share, jobs, signal: ending.signal }
    const report = await runWatched(target, options, show)
    if (report.finding !== undefined) ending.abort()
    return report
  }
  const reports = await Promise.all(shares(cases, jobs).map(run))
  return merge(reports as [Report, ...Report[]])
}

/** The cases of each job; those that would have none are left out. */
export function shares(cases: number, jobs: number): number[] {
  const each = Math.floor(cases / jobs)
  return Array.from({ length: jobs }, (_, job) => each + (job < cases % jobs ? 1 : 0)).filter(
    (share) => share > 0,
  )
}

function merge(reports: readonly [Report, ...Report[]]): Report {
  const [first] = reports
  const finding = reports.find((report) => report.finding !== undefined)?.finding
  return {
    ...first,
    cases: reports.reduce((total, report) => total + report.cases, 0),
    seconds: Math.max(...reports.map(({ seconds }) => seconds)),
    ...(finding === undefined ? {} : { finding }),
  }
}
