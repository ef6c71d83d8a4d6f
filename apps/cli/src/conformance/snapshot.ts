/**
 * @module A snapshot of a suite's results, kept in version control: a change that makes a vector fail is seen in review, and by the comparison.
 *
 * The file is JSON with one line for each vector, sorted by id: `"id": ["passed", gas used]`.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { CliError } from '../errors.ts'
import type { VectorOutcome } from './task.ts'

/** What a snapshot holds of one vector. */
export interface SnapshotEntry {
  readonly status: VectorOutcome['status']
  /** Gas used by its messages. */
  readonly gas: bigint
}

/** The results of a suite, by vector id. */
export interface Snapshot {
  readonly suite: string
  readonly vectors: ReadonlyMap<string, SnapshotEntry>
}

/** How results differ from a snapshot. */
export interface SnapshotComparison {
  /** Vectors that passed and do not any more, or fail and did not; new ones that fail. */
  readonly worse: readonly string[]
  /** Vectors that are new or pass now, or use another amount of gas without being worse: the snapshot is out of date. */
  readonly changed: readonly string[]
  /** How many vectors of the snapshot were not run. */
  readonly absent: number
}

/** Statuses, the higher the better. */
const RANK: Readonly<Record<VectorOutcome['status'], number>> = { failed: 0, skipped: 1, passed: 2 }

/** The snapshot of a run. */
export function snapshotOf(suite: string, outcomes: readonly VectorOutcome[]): Snapshot {
  return { suite, vectors: new Map(outcomes.map(({ id, status, gas }) => [id, { status, gas }])) }
}

/** Compares the results of a run, which need not have run everything, with a snapshot. */
export function compareSnapshots(expected: Snapshot, actual: Snapshot): SnapshotComparison {
  const worse: string[] = []
  const changed: string[] = []
  for (const [id, { status, gas }] of actual.vectors) {
    const before = expected.vectors.get(id)
    if (RANK[status] < RANK[before?.status ?? 'skipped']) worse.push(id)
    else if (before?.status !== status || before.gas !== gas) changed.push(id)
  }
  const absent = [...expected.vectors.keys()].filter((id) => !actual.vectors.has(id)).length
  return { worse, changed, absent }
}

/** `base` with what was run now in place of what was run then. */
export function updateSnapshot(base: Snapshot, run: Snapshot): Snapshot {
  return { suite: run.suite, vectors: new Map([...base.vectors, ...run.vectors]) }
}

/** The text of a snapshot, the same for the same results. */
export function formatSnapshot({ suite, vectors }: Snapshot): string {
  const sorted = [...vectors].sort(([a], [b]) => (a < b ? -1 : 1))
  const totals = { passed: 0, failed: 0, skipped: 0 }
  let gas = 0n
  for (const [, entry] of sorted) {
    totals[entry.status]++
    gas += entry.gas
  }
  const lines = sorted.map(([id, entry]) => `    ${JSON.stringify(id)}: ["${entry.status}", ${entry.gas}]`)
  return [
    '{',
    `  "suite": ${JSON.stringify(suite)},`,
    `  "totals": { "passed": ${totals.passed}, "failed": ${totals.failed}, "skipped": ${totals.skipped}, "gas": ${gas} },`,
    '  "vectors": {',
    lines.join(',\n'),
    '  }',
    '}',
    '',
  ].join('\n')
}

/**
 * Reads what {@link formatSnapshot} wrote: totals and order are checked too, so that nobody edits one line alone.
 * @throws {CliError} snapshot/malformed
 */
export function parseSnapshot(text: string): Snapshot {
  const snapshot = decodeSnapshot(text)
  if (snapshot !== undefined && formatSnapshot(snapshot) === text) return snapshot
  throw new CliError('snapshot/malformed', 'this is no snapshot, or one that was edited', {
    advice: 'write it anew with --update',
  })
}

/** The snapshot in a file, or `undefined` where there is no file. @throws {CliError} snapshot/malformed, file/unreadable */
export async function readSnapshot(file: string): Promise<Snapshot | undefined> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    if (!(cause instanceof Error) || !('syscall' in cause)) throw cause
    if ('code' in cause && cause.code === 'ENOENT') return undefined
    throw new CliError('file/unreadable', 'the snapshot cannot be read', { where: file, cause })
  }
  try {
    return parseSnapshot(text)
  } catch (error) {
    if (!(error instanceof CliError)) throw error
    throw new CliError(error.code, error.message, { where: file, advice: error.advice, cause: error.cause })
  }
}

/** Writes a snapshot. */
export async function writeSnapshot(file: string, snapshot: Snapshot): Promise<void> {
  await writeFile(file, formatSnapshot(snapshot))
}

function decodeSnapshot(text: string): Snapshot | undefined {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
  if (!isRecord(json) || typeof json['suite'] !== 'string' || !isRecord(json['vectors'])) return undefined
  const vectors = new Map<string, SnapshotEntry>()
  for (const [id, entry] of Object.entries(json['vectors'])) {
    if (!Array.isArray(entry)) return undefined
    const [status, gas]: unknown[] = entry
    if (typeof status !== 'string' || !Object.hasOwn(RANK, status)) return undefined
    if (typeof gas !== 'number' || !Number.isSafeInteger(gas)) return undefined
    vectors.set(id, { status: status as SnapshotEntry['status'], gas: BigInt(gas) })
  }
  return { suite: json['suite'], vectors }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
