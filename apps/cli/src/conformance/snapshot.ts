/**
 * @module A snapshot of a suite's results, kept in version control: a change that makes a vector fail is seen in review, and by the comparison.
 *
 * The file is JSON with one line for each vector, sorted by id: `"id": ["passed", gas used]`, or `"id": ["passed", gas used, cases]` where a vector has
 * cases; of those, folders have sums of their own.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { CliError } from '../errors.ts'
import type { VectorOutcome } from './task.ts'

/** What a snapshot holds of one vector. */
export interface SnapshotEntry {
  readonly status: VectorOutcome['status']
  /** Gas used by its messages. */
  readonly gas: bigint
  /** How many cases of it have this status, where it has cases. */
  readonly cases?: number
}

/** The results of a suite, by vector id. */
export interface Snapshot {
  readonly suite: string
  /** What the vectors are, and as of when: `repository@commit`. */
  readonly source?: string
  readonly vectors: ReadonlyMap<string, SnapshotEntry>
}

/** How results differ from a snapshot. */
export interface SnapshotComparison {
  /** Vectors that passed and do not any more, or fail and did not, or have fewer cases; new ones that fail. */
  readonly worse: readonly string[]
  /** Vectors that are new or pass now, or use another amount of gas without being worse: the snapshot is out of date. */
  readonly changed: readonly string[]
  /** How many vectors of the snapshot were not run. */
  readonly absent: number
}

/** Statuses, the higher the better. */
const RANK: Readonly<Record<VectorOutcome['status'], number>> = { failed: 0, skipped: 1, passed: 2 }

/** The snapshot of a run. */
export function snapshotOf(
  suite: string,
  outcomes: readonly (Pick<VectorOutcome, 'id'> & SnapshotEntry)[],
): Snapshot {
  const entries = outcomes.map(
    ({ id, status, gas, cases }) =>
      [id, cases === undefined ? { status, gas } : { status, gas, cases }] as const,
  )
  return { suite, vectors: new Map(entries) }
}

/** Compares the results of a run, which need not have run everything, with a snapshot. */
export function compareSnapshots(expected: Snapshot, actual: Snapshot): SnapshotComparison {
  const worse: string[] = []
  const changed: string[] = []
  for (const [id, { status, gas, cases }] of actual.vectors) {
    const before = expected.vectors.get(id)
    if (RANK[status] < RANK[before?.status ?? 'skipped']) worse.push(id)
    else if (before?.status === status && (cases ?? 0) < (before.cases ?? 0)) worse.push(id)
    else if (before?.status !== status || before.gas !== gas || before.cases !== cases) changed.push(id)
  }
  const absent = [...expected.vectors.keys()].filter((id) => !actual.vectors.has(id)).length
  return { worse, changed, absent }
}

/** `base` with what was run now in place of what was run then. */
export function updateSnapshot(base: Snapshot, run: Snapshot): Snapshot {
  return { ...base, suite: run.suite, vectors: new Map([...base.vectors, ...run.vectors]) }
}

/** The text of a snapshot, the same for the same results. */
export function formatSnapshot({ suite, source, vectors }: Snapshot): string {
  const sorted = [...vectors].sort(([a], [b]) => (a < b ? -1 : 1))
  const totals = { passed: 0, failed: 0, skipped: 0 }
  let gas = 0n
  for (const [, entry] of sorted) {
    totals[entry.status]++
    gas += entry.gas
  }
  const lines = sorted.map(
    ([id, { status, gas, cases }]) =>
      `    ${JSON.stringify(id)}: ["${status}", ${gas}${cases === undefined ? '' : `, ${cases}`}]`,
  )
  const folders = foldersOf(sorted).map(
    ([folder, cases]) =>
      `    ${JSON.stringify(folder)}: { "passed": ${cases.passed}, "failed": ${cases.failed}, "skipped": ${cases.skipped} }`,
  )
  return [
    '{',
    `  "suite": ${JSON.stringify(suite)},`,
    ...(source === undefined ? [] : [`  "source": ${JSON.stringify(source)},`]),
    `  "totals": { "passed": ${totals.passed}, "failed": ${totals.failed}, "skipped": ${totals.skipped}, "gas": ${gas} },`,
    ...(folders.length === 0 ? [] : ['  "cases": {', folders.join(',\n'), '  },']),
    '  "vectors": {',
    lines.join(',\n'),
    '  }',
    '}',
    '',
  ].join('\n')
}

/** The cases of each folder, by status; of vectors without cases none. */
function foldersOf(
  vectors: readonly (readonly [id: string, SnapshotEntry])[],
): (readonly [folder: string, Record<SnapshotEntry['status'], number>])[] {
  const folders = new Map<string, Record<SnapshotEntry['status'], number>>()
  for (const [id, { status, cases }] of vectors) {
    if (cases === undefined) continue
    const folder = id.slice(0, Math.max(0, id.lastIndexOf('/')))
    const counts = folders.get(folder) ?? { passed: 0, failed: 0, skipped: 0 }
    counts[status] += cases
    folders.set(folder, counts)
  }
  return [...folders].sort(([a], [b]) => (a < b ? -1 : 1))
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
  if (!isRecord(json) || !isRecord(json['vectors'])) return undefined
  const { suite, source } = json
  if (typeof suite !== 'string' || !(source === undefined || typeof source === 'string')) return undefined
  const vectors = new Map<string, SnapshotEntry>()
  for (const [id, entry] of Object.entries(json['vectors'])) {
    if (!Array.isArray(entry)) return undefined
    const [status, gas, cases]: unknown[] = entry
    if (typeof status !== 'string' || !Object.hasOwn(RANK, status)) return undefined
    if (typeof gas !== 'number' || !Number.isSafeInteger(gas)) return undefined
    if (cases !== undefined && (typeof cases !== 'number' || !Number.isSafeInteger(cases))) return undefined
    const known = { status: status as SnapshotEntry['status'], gas: BigInt(gas) }
    vectors.set(id, cases === undefined ? known : { ...known, cases })
  }
  return source === undefined ? { suite, vectors } : { suite, source, vectors }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
