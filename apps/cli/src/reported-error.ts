import type { ErrorReport } from './describe-error.ts'

/** An error of another thread, which only its report came from. */
export class ReportedError extends Error {
  readonly report: ErrorReport

  constructor(report: ErrorReport) {
    super(report.message)
    this.name = 'ReportedError'
    this.report = report
  }
}
