/** What is read of a problem in the report of attw. Some are of a file, and have no resolution. */
interface AttwProblem {
  readonly kind: string
  readonly entrypoint?: string
  readonly resolutionKind?: string
  readonly fileName?: string
}

/** The resolutions that attw's profile `esm-only` leaves out. */
const IGNORED = new Set(['node10', 'node16-cjs'])

/** The problems in a report of attw, as JSON, that users of ES modules have: a line each, such as `FallbackCondition ./amt bundler`. */
export function moduleProblems(report: string): string[] {
  const { analysis } = JSON.parse(report) as { readonly analysis: { readonly problems?: AttwProblem[] } }
  return (analysis.problems ?? [])
    .filter(({ resolutionKind = '' }) => !IGNORED.has(resolutionKind))
    .map(({ kind, entrypoint, fileName, resolutionKind }) =>
      [kind, entrypoint ?? fileName, resolutionKind].filter((word) => word !== undefined).join(' '),
    )
}
