import { compareSnapshots, type Snapshot, snapshotOf } from '@troupe/cli/src/conformance/snapshot.ts'
import type { Row } from './suite.ts'

/** What a run means for the snapshot of its suite. */
export interface Verdict {
  /** Rows that are worse than in the snapshot, by id. */
  readonly worse: readonly string[]
  /** Rows that are new, better, or use another amount of gas. */
  readonly changed: readonly string[]
  /** How many rows of the snapshot were not run. */
  readonly absent: number
  /** The snapshot to be, if the run is taken over. */
  readonly next: Snapshot
}

/**
 * Compares a run with the snapshot of its suite, if there is one. A row that passed once and is skipped now lacks its data on this machine: it
 * counts as not run, and keeps what the snapshot says of it.
 *
 * @param keepsAbsent whether rows that were not run stay in the next snapshot; otherwise they are gone for good
 * @param source what the rows are of, for the next snapshot
 */
export function judge(
  suite: string,
  before: Snapshot | undefined,
  rows: readonly Row[],
  keepsAbsent: boolean,
  source?: string,
): Verdict {
  const lacksData = ({ id, status }: Row): boolean =>
    status === 'skipped' && before?.vectors.get(id)?.status === 'passed'
  const run = snapshotOf(
    suite,
    rows.filter((row) => !lacksData(row)),
  )
  const kept = new Map(keepsAbsent ? before?.vectors : [])
  for (const row of rows.filter(lacksData)) {
    const entry = before?.vectors.get(row.id)
    if (entry !== undefined) kept.set(row.id, entry)
  }
  const expected = before ?? { suite, vectors: new Map() }
  return {
    ...compareSnapshots(expected, run),
    next: {
      suite,
      ...(source === undefined ? {} : { source }),
      vectors: new Map([...kept, ...run.vectors]),
    },
  }
}
